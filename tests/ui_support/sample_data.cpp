#include "tests/ui_support/sample_data.h"

#include "tests/ui_support/sample_parts.h"

#include <QDateTime>
#include <QTimeZone>

namespace holdfast::test {

using Snippet = views::ThreadRow::Snippet;
using domain::DeliveryStatus;

namespace {

struct ThreadSpec
{
    const char* name;
    const char* policy;
    const char* line;
    int day, hour, minute; // of October 2026
    Snippet kind;
    const char* snippet;
    int unread;
    int windowHours; // hours left; 0: closed
    int assignee;    // index into the staff; -1: nobody
    DeliveryStatus status = DeliveryStatus::waiting;
};

const ThreadSpec specs[] = {
    {"Nomvula Zulu", "HL-311-042-9", "Motor", 14, 10, 49, Snippet::text,
     "They want to tow it to another yard, is that covered?", 3, 23, 0},
    {"Yusuf Adams", "HL-266-904-1", "Theft", 14, 10, 44, Snippet::voice, "Voice note, 0:42", 1, 23, 0},
    {"Ashwin Govender", "HL-187-550-2", "Home", 14, 10, 33, Snippet::photo, "2 photos", 2, 23, 0},
    {"Thandiwe Mokoena", "HL-204-118-7", "Motor", 14, 10, 31, Snippet::notSent,
     "Gate 3, then follow the blue signs to bay 4.", 0, 3, 0, DeliveryStatus::failed},
    {"Pieter van der Westhuizen", "HL-092-731-4", "Motor", 14, 10, 22, Snippet::draft,
     "Thank you Pieter, the revised quote is with you", 0, 23, 0},
    {"Rendani Mulaudzi", "HL-358-227-0", "Theft", 14, 9, 58, Snippet::document, "Affidavit of loss.pdf", 1, 22, 0},
    {"Priscilla Fortuin", "HL-415-009-2", "Home", 14, 9, 50, Snippet::note,
     "Certificate of compliance is on file since March", 0, 0, 0},
    {"Chantelle Jacobs", "HL-140-663-8", "Home", 14, 9, 40, Snippet::you, "The inspection is set for Friday", 0, 21, 0,
     DeliveryStatus::read},
    {"Kagiso Moatshe", "HL-301-776-3", "Motor", 14, 9, 12, Snippet::draft, "Your hired car can be collected from", 0,
     20, 0},
    {"Li-Hua Chen", "HL-229-380-5", "Renewal", 13, 15, 2, Snippet::text, "Perfect, thank you for the quick help", 0, 1,
     0},
    {"Johannes Steyn", "HL-077-415-6", "Motor", 13, 10, 11, Snippet::you, "We still need the repair invoice", 0, 0, 0,
     DeliveryStatus::delivered},
    {"Deshan Reddy", "HL-288-134-9", "Motor", 12, 9, 5, Snippet::colleague, "Your excess is waived on glass", 0, 0, 0,
     DeliveryStatus::sent},
    {"Mandla Sithole", "HL-204-553-1", "Motor", 14, 10, 47, Snippet::photo, "Photo", 1, 23, -1},
    {"Aaliyah Petersen", "HL-204-907-3", "Motor", 14, 10, 18, Snippet::text, "Is the courtesy car booked for Monday?",
     2, 23, -1},
    {"Willem Fourie", "HL-119-602-4", "Farm", 14, 9, 51, Snippet::text, "The pump house is still under water", 1, 22,
     -1},
    {"Carmen Arendse", "HL-355-710-8", "Home", 14, 9, 30, Snippet::document, "Plumber invoice.pdf", 1, 22, -1},
    {"Ismail Parker", "HL-270-448-0", "Motor", 14, 8, 55, Snippet::text, "Good morning, my windscreen cracked", 1, 22,
     -1},
    {"Busisiwe Ndlela", "", "", 14, 8, 31, Snippet::text, "Hello, do you insure minibus taxis?", 1, 21, -1},
    {"Gert Nel", "HL-061-327-5", "Farm", 13, 17, 20, Snippet::text, "Dankie, ek wag vir die assessor", 0, 6, -1},
    {"Zanele Khoza", "HL-402-118-3", "Life", 14, 10, 2, Snippet::you, "The form is attached", 0, 20, 4,
     DeliveryStatus::delivered},
    {"Marius Botha", "HL-233-871-2", "Motor", 14, 9, 20, Snippet::text, "I took it to Bluegum Panel", 0, 22, 3},
};

struct RoomSpec
{
    const char* name;
    int unread;
    int mentions;
};
const RoomSpec roomSpecs[] = {{"claims-motor", 3, 1},  {"claims-home", 0, 0}, {"fraud-desk", 1, 1},
                              {"underwriting", 0, 0},  {"retentions", 0, 0},  {"ombud-liaison", 0, 0},
                              {"shift-handover", 0, 0}};

SampleThread customerThread(const ThreadSpec& spec, int number, const QList<views::Staff>& staff)
{
    SampleThread thread;
    views::ThreadRow& row = thread.header.row;
    row.id = sampleId<ThreadId>(100 + number);
    row.title = QString::fromUtf8(spec.name);
    row.policyNumber = QString::fromLatin1(spec.policy);
    row.tag = QString::fromLatin1(spec.line);
    row.at = sampleTime(2026, 10, spec.day, spec.hour, spec.minute);
    row.snippetKind = spec.kind;
    row.snippet = QString::fromUtf8(spec.snippet);
    row.snippetStatus = spec.status;
    if (spec.kind == Snippet::note || spec.kind == Snippet::colleague)
        row.snippetAuthor = staff.at(1).name;
    row.unread = spec.unread;
    row.windowUntil = spec.windowHours > 0
                          ? Timestamp{sampleNow().value + spec.windowHours * 3'600'000'000LL + 720'000'000LL}
                          : Timestamp{sampleNow().value - 3'600'000'000LL};
    if (spec.assignee >= 0)
        row.assignee = staff.at(spec.assignee);
    thread.header.phone = QStringLiteral("+27 82 555 01%1").arg(43 + number, 2, 10, QLatin1Char('0'));
    thread.header.person.name = row.title;
    thread.header.person.phones = {thread.header.phone};
    thread.header.person.language = QStringLiteral("English");
    thread.header.person.email = row.title.section(u' ', 0, 0).toLower() + QStringLiteral("@mail.example");
    thread.header.person.asOf = sampleTime(2026, 10, 14, 6, 0);
    thread.header.subtitle = row.policyNumber.isEmpty()
                                 ? thread.header.phone
                                 : row.policyNumber + QStringLiteral(" \u00b7 ") + thread.header.phone;
    return thread;
}

void linkPolicy(SampleThread& thread, int number, SampleData& data)
{
    if (thread.header.row.policyNumber.isEmpty())
        return;
    domain::PolicyFacts policy = motorPolicy();
    policy.number = thread.header.row.policyNumber;
    policy.line = thread.header.row.tag;
    policy.holderName = thread.header.row.title;
    if (policy.line != QLatin1StringView("Motor")) {
        policy.product = policy.line + QStringLiteral(" Select");
        policy.claims.clear();
        policy.dependants.clear();
    }
    const PolicyId id = sampleId<PolicyId>(500 + number);
    data.policies.insert(id, policy);
    thread.header.policies = {policy};
    thread.header.policyIds = {id};
}

SampleThread roomThread(int number, const QString& name, domain::ThreadType type)
{
    SampleThread room;
    room.header.row.id = sampleId<ThreadId>(number);
    room.header.row.type = type;
    room.header.row.title = name;
    room.header.members = type == domain::ThreadType::room ? 14 : 2;
    return room;
}

void fillShortTalk(SampleThread& thread, const views::Staff& me, const views::Staff& colleague)
{
    const views::Staff customer{{}, thread.header.row.title, {}, {}};
    const views::ThreadRow& row = thread.header.row;
    const Timestamp before{row.at.value - 1'800'000'000LL};
    addMessage(thread, views::MessageKind::customer, customer, before,
               QStringLiteral("Good day, I have a question "
                              "about my policy."));
    if (row.snippetKind == Snippet::you)
        addMessage(thread, views::MessageKind::reply, me, row.at, row.snippet).status = row.snippetStatus;
    else if (row.snippetKind == Snippet::colleague)
        addMessage(thread, views::MessageKind::reply, colleague, row.at, row.snippet).status = row.snippetStatus;
    else if (row.snippetKind == Snippet::note)
        addMessage(thread, views::MessageKind::note, colleague, row.at, row.snippet);
    else if (row.snippetKind != Snippet::draft)
        addMessage(thread, views::MessageKind::customer, customer, row.at, row.snippet);
    thread.readUpTo.value = thread.header.newest.value - std::min<quint64>(1, static_cast<quint64>(row.unread));
    thread.log.append({1'284'000, 1, row.at, row.title, QStringLiteral("Message stored"), {}});
}

} // namespace

Timestamp sampleTime(int year, int month, int day, int hour, int minute)
{
    const QDateTime at(QDate(year, month, day), QTime(hour, minute), Qt::OffsetFromUTC, 2 * 3600);
    return {at.toMSecsSinceEpoch() * 1000};
}

Timestamp sampleNow()
{
    return sampleTime(2026, 10, 14, 10, 52);
}

QList<views::Staff> sampleStaff()
{
    QList<views::Staff> staff;
    const char* names[] = {"Lerato Khumalo", "Priya Naidoo", "Riaan Pretorius", "Fatima Davids", "Tshepo Molefe",
                           "Megan Whitlock", "Anri Botha",   "Sibusiso Cele",   "Nadia Isaacs",  "Johan Kruger"};
    const char* teams[] = {"Motor claims", "Motor claims", "Motor claims", "Home claims", "Motor claims",
                           "Retentions",   "Motor claims", "Motor claims", "Fraud desk",  "Underwriting"};
    for (int i = 0; i < 10; ++i)
        staff.append({sampleId<UserId>(i + 1), QString::fromLatin1(names[i]),
                      i == 2 ? QStringLiteral("supervisor") : QStringLiteral("agent"), QString::fromLatin1(teams[i])});
    return staff;
}

domain::PolicyFacts motorPolicy()
{
    const auto text = [](const char* words) { return QString::fromUtf8(words); };
    domain::PolicyFacts policy;
    policy.product = text("Motor Comprehensive");
    policy.status = text("Active");
    policy.facts = {{text("In force since"), text("1 March 2021")},
                    {text("Renews"), text("1 March 2027")},
                    {text("Premium"), text("R\u00a01\u00a0284.60 a month")},
                    {text("Paid to"), text("31 October")}};
    policy.cover = {{text("Vehicle"), text("2021 hatchback, blue")},
                    {text("Registration"), text("HLF 204 GP")},
                    {text("Insured for"), text("Retail value, R\u00a0289\u00a0900")},
                    {text("Basic excess"), text("R\u00a05\u00a0500.00")},
                    {text("Hired car"), text("30 days, group B")}};
    policy.dependants = {{text("Kabelo Mokoena"), text("Son, 19, driver"), {}},
                         {text("Naledi Mokoena"), text("Daughter, 16"), {}}};
    policy.claims = {{text("CL-88231"), text("Accident"), text("R\u00a041\u00a0200"), text("Registered")},
                     {text("CL-80417"), text("Windscreen"), text("R\u00a03\u00a0850"), text("Paid")}};
    policy.consents = {{text("WhatsApp, service"), true, text("1 Mar 2021")},
                       {text("Share with assessor"), true, text("13 Oct 2026")},
                       {text("Marketing"), false, text("Refused 1 Mar 2021")}};
    policy.asOf = sampleTime(2026, 10, 14, 9, 14);
    return policy;
}

SampleData makeSampleData()
{
    SampleData data;
    data.organisation = QStringLiteral("Harbourline Insurance");
    data.staff = sampleStaff();
    data.me = data.staff.first();
    int number = 0;
    for (const ThreadSpec& spec : specs) {
        SampleThread thread = customerThread(spec, number, data.staff);
        linkPolicy(thread, number, data);
        if (thread.header.row.title == QLatin1StringView("Thandiwe Mokoena"))
            writeAccidentTalk(data, thread);
        else
            fillShortTalk(thread, data.me, data.staff.at(1));
        data.threads.append(thread);
        ++number;
    }
    number = 300;
    for (const RoomSpec& spec : roomSpecs) {
        SampleThread room = roomThread(number++, QString::fromLatin1(spec.name), domain::ThreadType::room);
        if (data.rooms.isEmpty())
            writeRoomTalk(data, room);
        room.header.row.unread = spec.unread;
        data.rooms.append(room);
    }
    for (int i = 1; i <= 5; ++i) {
        SampleThread direct = roomThread(400 + i, data.staff.at(i).name, domain::ThreadType::direct);
        addMessage(direct, views::MessageKind::room, data.staff.at(i), sampleTime(2026, 10, 14, 8, 10 + i),
                   QStringLiteral("Are you on shift today?"));
        direct.header.row.unread = i == 1 ? 1 : 0;
        direct.readUpTo.value = i == 1 ? 0 : 1;
        data.directs.append(direct);
    }
    return data;
}

SampleThread* SampleData::find(const ThreadId& id)
{
    for (QList<SampleThread>* list : {&threads, &rooms, &directs}) {
        for (SampleThread& thread : *list) {
            if (thread.header.row.id == id)
                return &thread;
        }
    }
    return nullptr;
}

SampleThread* SampleData::named(const QString& title)
{
    for (QList<SampleThread>* list : {&threads, &rooms, &directs}) {
        for (SampleThread& thread : *list) {
            if (thread.header.row.title == title)
                return &thread;
        }
    }
    return nullptr;
}

} // namespace holdfast::test
