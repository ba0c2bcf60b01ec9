#include "tests/ui_support/sample_parts.h"

namespace holdfast::test {

using domain::DeliveryStatus;
using views::MessageKind;

namespace {

views::AttachmentView goodFile(SampleData& data, int number, const QString& name, const QString& mime,
                               const QByteArray& bytes)
{
    views::AttachmentView file;
    file.attachment.id = sampleId<BlobId>(number);
    file.attachment.name = name;
    file.attachment.mime = mime;
    file.attachment.size = bytes.size();
    file.attachment.sha256 = sha256({bytes});
    file.state = views::AttachmentView::State::good;
    file.isHere = true;
    data.blobs.insert(file.attachment.id, bytes);
    return file;
}

void addPhotos(SampleData& data, views::Message& message)
{
    for (int i = 0; i < 6; ++i) {
        views::AttachmentView photo = goodFile(data, 900 + i, QStringLiteral("IMG_%1.jpg").arg(4021 + i),
                                               QStringLiteral("image/png"), carPicture(i, 640, 480));
        photo.width = 640;
        photo.height = 480;
        message.attachments.append(photo);
    }
}

} // namespace

views::Message& addMessage(SampleThread& thread, MessageKind kind, const views::Staff& author, Timestamp at,
                           const QString& text)
{
    static int number = 20'000;
    views::Message message;
    message.id = sampleId<EntryId>(++number);
    message.key.threadSeq = static_cast<quint64>(thread.messages.size()) + 1;
    message.kind = kind;
    message.author = author.id;
    message.authorName = author.name;
    message.at = at;
    message.text = text;
    message.type = QStringLiteral("text");
    if (kind == MessageKind::reply)
        message.status = DeliveryStatus::read;
    thread.messages.append(message);
    thread.header.newest.value = message.key.threadSeq;
    return thread.messages.last();
}

void writeAccidentTalk(SampleData& data, SampleThread& thread)
{
    const views::Staff customer{{}, thread.header.row.title, {}, {}};
    const views::Staff priya = data.staff.at(1);
    addMessage(thread, MessageKind::customer, customer, sampleTime(2026, 10, 13, 13, 41),
               QStringLiteral("Good day, somebody reversed into my car at the Rosebank parkade. I am fine and the car "
                              "still drives."));
    views::Message& photos =
        addMessage(thread, MessageKind::customer, customer, sampleTime(2026, 10, 13, 13, 43), QString());
    photos.type = QStringLiteral("image");
    addPhotos(data, photos);
    const EntryId photoEntry = photos.id;
    views::Message& sorry = addMessage(
        thread, MessageKind::reply, data.me, sampleTime(2026, 10, 13, 13, 52),
        QStringLiteral("I am sorry, Thandiwe. Glad you are safe. Did the other driver leave details? A photo of the "
                       "note is fine."));
    sorry.quote = views::Quote{photoEntry, customer.name, QStringLiteral("6 photos"), sampleId<BlobId>(900)};
    views::Message& report =
        addMessage(thread, MessageKind::customer, customer, sampleTime(2026, 10, 13, 14, 4), QString());
    report.type = QStringLiteral("document");
    report.attachments.append(
        goodFile(data, 950, QStringLiteral("SAPS accident report.pdf"), QStringLiteral("application/pdf"), smallPdf()));
    report.attachments.last().attachment.size = 412'000;
    report.attachments.last().pages = 3;
    addMessage(thread, MessageKind::process, {}, sampleTime(2026, 10, 14, 9, 14),
               QStringLiteral("Claim CL-88231 registered in policy system"));
    addMessage(thread, MessageKind::reply, data.me, sampleTime(2026, 10, 14, 9, 15),
               QStringLiteral("Hello Thandiwe, claim CL-88231 is registered. Your excess is R\u00a05\u00a0500.00. "
                              "Reply CAR if you need a hired car."))
        .status = DeliveryStatus::delivered;
    addMessage(thread, MessageKind::note, priya, sampleTime(2026, 10, 14, 9, 40),
               QStringLiteral("@Lerato the parkade keeps CCTV for 7 days only. I asked for 13 Oct, 12:50 to 13:20. "
                              "Hold settlement until we have it."))
        .mentions = {data.me.id};
    addMessage(thread, MessageKind::reply, data.me, sampleTime(2026, 10, 14, 10, 29),
               QStringLiteral("The assessor is booked for tomorrow, 08:30, Randburg."))
        .status = DeliveryStatus::sent;
    views::Message& failed = addMessage(thread, MessageKind::reply, data.me, sampleTime(2026, 10, 14, 10, 31),
                                        QStringLiteral("Gate 3, then follow the blue signs to bay 4."));
    failed.status = DeliveryStatus::failed;
    failed.notSent = QStringLiteral("this number is not on WhatsApp (131026)");
    thread.readUpTo = thread.header.newest;
    for (const views::Message& message : std::as_const(thread.messages)) {
        const QString what =
            message.attachments.isEmpty()
                ? QStringLiteral("Message stored")
                : QStringLiteral("Files stored, %1 deleted at WhatsApp").arg(message.attachments.size());
        thread.log.append({1'284'200 + message.key.threadSeq, message.key.threadSeq, message.at, message.authorName,
                           what, message.id});
    }
}

void writeRoomTalk(SampleData& data, SampleThread& room)
{
    const auto say = [&](int person, int day, int hour, int minute, const QString& text) -> views::Message& {
        return addMessage(room, MessageKind::room, data.staff.at(person), sampleTime(2026, 10, day, hour, minute),
                          text);
    };
    say(6, 13, 16, 47,
        QStringLiteral("Randburg assessors are full today. Tomorrow has six open slots from 08:30, Midrand has four."));
    say(7, 13, 16, 52, QStringLiteral("Thank you Anri. I move CL-88219 to Midrand."));
    say(2, 14, 8, 58,
        QStringLiteral("Morning all. Heavy hail in Centurion overnight, expect glass and panel claims until noon."));
    say(1, 14, 9, 31,
        QStringLiteral("@Lerato Khumalo the parkade footage for CL-88231 is kept for 7 days only. I have asked "
                       "security for 13 Oct, 12:50 to 13:20."))
        .mentions = {data.me.id};
    say(4, 14, 10, 5,
        QStringLiteral("My shift ends at 11:00, I handed Yusuf Adams to Lerato. Call the tracker company "
                       "before 12:00, reference TR-4471."));
    say(2, 14, 10, 22,
        QStringLiteral("Hail below R\u00a015\u00a0000: settle from photos, no assessor. Valid until "
                       "Friday."));
    room.readUpTo = ThreadSeq{3};
}

} // namespace holdfast::test
