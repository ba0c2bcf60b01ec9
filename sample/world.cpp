#include "sample/world.h"

#include "sample/names.h"

#include <QDate>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::sample {
namespace {

struct Product
{
    const char* title;
    const char* line;
    int team;
    bool medical;
};

const QList<Product> products = {
    {"Motor Comprehensive", "Motor", 0, false},
    {"Motor Third Party", "Motor", 0, false},
    {"Home Contents", "Home", 1, false},
    {"Buildings", "Home", 1, false},
    {"Hospital Plan", "Health", 2, true},
    {"Medical Saver", "Health", 2, true},
    {"Life Cover", "Life", 3, false},
    {"Funeral Plan", "Life", 3, false},
    {"All Risks", "Home", 1, false},
};

const char nbsp[] = "\u00a0";

QString rand(int amount, int cents = 0)
{
    QString digits = QString::number(amount);
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, QString::fromUtf8(nbsp));
    return QStringLiteral("R%1%2.%3")
        .arg(QString::fromUtf8(nbsp), digits, QString::number(cents).rightJustified(2, u'0'));
}

QString dayWords(const QDate& day)
{
    return QLocale(QLocale::English).toString(day, QStringLiteral("d MMMM yyyy"));
}

QString policyNumber(int index)
{
    // Spread over the number space so that neighbours in the list do not look alike; 7919 is prime to 10,000,000.
    const qint64 value = (2041187 + static_cast<qint64>(index) * 79190123LL) % 10000000;
    const QString digits = QString::number(value).rightJustified(7, u'0');
    return QStringLiteral("HL-%1-%2-%3").arg(digits.left(3), digits.mid(3, 3), digits.mid(6));
}

QString idNumber(Dice& dice, const QDate& born)
{
    return born.toString(QStringLiteral("yyMMdd")) + QString::number(dice.between(1000, 9999)) + QStringLiteral("08") +
           QString::number(dice.below(10));
}

Person makePerson(Dice& dice, int index, Timestamp now)
{
    Person person;
    person.reference = QStringLiteral("P-%1").arg(index + 1, 5, 10, QLatin1Char('0'));
    person.id = dice.id<PersonId>();
    person.facts.name =
        index == 0 ? QStringLiteral("Thandiwe Mokoena") : dice.pick(firstNames()) + u' ' + dice.pick(familyNames());
    const QDate born(dice.between(1948, 2004), dice.between(1, 12), dice.between(1, 28));
    person.facts.idNumber = idNumber(dice, born);
    static const QStringList languages = {QStringLiteral("English"), QStringLiteral("isiZulu"),
                                          QStringLiteral("Afrikaans"), QStringLiteral("Sesotho"),
                                          QStringLiteral("isiXhosa")};
    person.facts.language = index == 0 ? languages.first() : dice.pick(languages);
    // +27 82 555 0143 first; then 82, 83, 84, 72, 73 ... 555 0000 to 9999
    static const QStringList prefixes = {QStringLiteral("82"), QStringLiteral("83"), QStringLiteral("84"),
                                         QStringLiteral("72"), QStringLiteral("73"), QStringLiteral("74"),
                                         QStringLiteral("76"), QStringLiteral("78"), QStringLiteral("79"),
                                         QStringLiteral("61"), QStringLiteral("62"), QStringLiteral("63")};
    const int line = 143 + index;
    person.facts.phones = {QStringLiteral("+27") + prefixes.at((line / 10000) % static_cast<int>(prefixes.size())) +
                           QStringLiteral("555") + QString::number(line % 10000).rightJustified(4, u'0')};
    person.facts.email =
        person.facts.name.toLower().section(u' ', 0, 0) + QString::number(index) + QStringLiteral("@mail.example");
    person.facts.asOf = now;
    return person;
}

void addMotor(Dice& dice, domain::PolicyFacts& facts, const Person& holder)
{
    static const QStringList vehicles = {QStringLiteral("2021 hatchback, blue"), QStringLiteral("2018 bakkie, white"),
                                         QStringLiteral("2023 sedan, silver"), QStringLiteral("2016 people carrier"),
                                         QStringLiteral("2020 crossover, red")};
    const QString plate = QStringLiteral("HLF %1 GP").arg(dice.between(100, 999));
    facts.cover = {
        {QStringLiteral("Vehicle"), dice.pick(vehicles)},
        {QStringLiteral("Registration"), plate},
        {QStringLiteral("Insured for"), QStringLiteral("Retail value, ") + rand(dice.between(90, 700) * 1000)},
        {QStringLiteral("Basic excess"), rand(dice.between(3, 9) * 1000 + 500)},
        {QStringLiteral("Hired car"), QStringLiteral("30 days, group B")}};
    const QString family = holder.facts.name.section(u' ', 1);
    if (dice.chance(60))
        facts.dependants.append({dice.pick(firstNames()) + u' ' + family, QStringLiteral("Son, 19, driver"), {}});
    if (dice.chance(40))
        facts.dependants.append({dice.pick(firstNames()) + u' ' + family, QStringLiteral("Daughter, 16"), {}});
}

void addHealth(Dice& dice, domain::PolicyFacts& facts, const Person& holder)
{
    facts.cover = {
        {QStringLiteral("Option"), dice.chance(50) ? QStringLiteral("Essential") : QStringLiteral("Classic")},
        {QStringLiteral("Hospital"), QStringLiteral("Network, 100 % of scheme rate")},
        {QStringLiteral("Savings left"), rand(dice.between(200, 14000))},
        {QStringLiteral("Chronic"), dice.chance(30) ? QStringLiteral("Registered") : QStringLiteral("None")}};
    const QString family = holder.facts.name.section(u' ', 1);
    const int count = dice.below(4);
    for (int i = 0; i < count; ++i)
        facts.dependants.append(
            {dice.pick(firstNames()) + u' ' + family, QStringLiteral("Dependant 0%1").arg(i + 1), {}});
}

void addHome(Dice& dice, domain::PolicyFacts& facts)
{
    static const QStringList places = {QStringLiteral("Randburg"), QStringLiteral("Mitchells Plain"),
                                       QStringLiteral("Umhlanga"), QStringLiteral("Polokwane"),
                                       QStringLiteral("Gqeberha"), QStringLiteral("Centurion")};
    facts.cover = {{QStringLiteral("Address"), dice.pick(places)},
                   {QStringLiteral("Insured for"), rand(dice.between(150, 3200) * 1000)},
                   {QStringLiteral("Excess"), rand(dice.between(1, 5) * 500)},
                   {QStringLiteral("Geyser"), QStringLiteral("Covered, ") + rand(9500)}};
}

void addLife(Dice& dice, domain::PolicyFacts& facts)
{
    facts.cover = {
        {QStringLiteral("Sum assured"), rand(dice.between(3, 250) * 10000)},
        {QStringLiteral("Waiting period"), dice.chance(80) ? QStringLiteral("Served") : QStringLiteral("To May 2027")},
        {QStringLiteral("Beneficiary"), QStringLiteral("On record")}};
}

void addClaims(Dice& dice, domain::PolicyFacts& facts, int index)
{
    static const QStringList kinds = {QStringLiteral("Accident"), QStringLiteral("Windscreen"), QStringLiteral("Theft"),
                                      QStringLiteral("Geyser"), QStringLiteral("Storm")};
    static const QStringList states = {QStringLiteral("Registered"), QStringLiteral("Paid"),
                                       QStringLiteral("Assessed")};
    const int count = index == 0 ? 2 : dice.below(3);
    for (int i = 0; i < count; ++i)
        facts.claims.append({QStringLiteral("CL-%1").arg(80417 + index * 7 + i), dice.pick(kinds),
                             rand(dice.between(8, 900) * 100), dice.pick(states)});
    facts.consents = {{QStringLiteral("WhatsApp, service"), true, QStringLiteral("1 Mar 2021")},
                      {QStringLiteral("Share with assessor"), dice.chance(80), QStringLiteral("13 Oct 2026")},
                      {QStringLiteral("Marketing"), dice.chance(30), QStringLiteral("1 Mar 2021")}};
}

Policy makePolicy(Dice& dice, int index, const QList<Person>& people, Timestamp now)
{
    const Product product = index == 0 ? products.first() : dice.pick(products);
    Policy policy;
    policy.id = dice.id<PolicyId>();
    // Everybody has one policy before anybody has two.
    policy.holder = index < people.size() ? index : dice.below(static_cast<int>(people.size()));
    policy.team = product.team;
    const Person& holder = people.at(policy.holder);
    domain::PolicyFacts& facts = policy.facts;
    facts.number = policyNumber(index);
    facts.product = QString::fromUtf8(product.title);
    facts.line = QString::fromUtf8(product.line);
    facts.status = index == 0 || dice.chance(92) ? QStringLiteral("Active") : QStringLiteral("Lapsed");
    facts.holder = holder.id;
    facts.holderName = holder.facts.name;
    const QDate start(dice.between(2015, 2025), dice.between(1, 12), 1);
    facts.facts = {
        {QStringLiteral("In force since"), dayWords(start)},
        {QStringLiteral("Renews"), dayWords(QDate(2027, start.month(), 1))},
        {QStringLiteral("Premium"), rand(dice.between(180, 3900), dice.below(100)) + QStringLiteral(" a month")},
        {QStringLiteral("Paid to"), dayWords(QDate(2026, 11, 30))}};
    if (product.medical)
        addHealth(dice, facts, holder);
    else if (product.team == 0)
        addMotor(dice, facts, holder);
    else if (product.team == 1)
        addHome(dice, facts);
    else
        addLife(dice, facts);
    addClaims(dice, facts, index);
    facts.asOf = now;
    return policy;
}

QJsonArray factArray(const QList<domain::Fact>& facts)
{
    QJsonArray out;
    for (const domain::Fact& fact : facts)
        out.append(QJsonObject{{QStringLiteral("label"), fact.label}, {QStringLiteral("value"), fact.value}});
    return out;
}

QJsonObject personLine(const Person& person)
{
    return {{QStringLiteral("ref"), person.reference},
            {QStringLiteral("name"), person.facts.name},
            {QStringLiteral("id_number"), person.facts.idNumber},
            {QStringLiteral("language"), person.facts.language},
            {QStringLiteral("email"), person.facts.email},
            {QStringLiteral("phones"), QJsonArray::fromStringList(person.facts.phones)},
            {QStringLiteral("as_of"), person.facts.asOf.value}};
}

QJsonObject policyLine(const Policy& policy, const World& world)
{
    QJsonArray dependants, claims, consents;
    for (const auto& member : policy.facts.dependants)
        dependants.append(
            QJsonObject{{QStringLiteral("name"), member.name}, {QStringLiteral("relation"), member.relation}});
    for (const auto& claim : policy.facts.claims)
        claims.append(QJsonObject{{QStringLiteral("number"), claim.number},
                                  {QStringLiteral("kind"), claim.kind},
                                  {QStringLiteral("amount"), claim.amount},
                                  {QStringLiteral("status"), claim.status}});
    for (const auto& consent : policy.facts.consents)
        consents.append(QJsonObject{{QStringLiteral("what"), consent.what},
                                    {QStringLiteral("given"), consent.given},
                                    {QStringLiteral("since"), consent.since}});
    return {{QStringLiteral("number"), policy.facts.number},
            {QStringLiteral("product"), policy.facts.product},
            {QStringLiteral("line"), policy.facts.line},
            {QStringLiteral("status"), policy.facts.status},
            {QStringLiteral("team"), world.teams.at(policy.team).name},
            {QStringLiteral("holder"), world.people.at(policy.holder).reference},
            {QStringLiteral("facts"), factArray(policy.facts.facts)},
            {QStringLiteral("cover"), factArray(policy.facts.cover)},
            {QStringLiteral("dependants"), dependants},
            {QStringLiteral("claims"), claims},
            {QStringLiteral("consents"), consents},
            {QStringLiteral("as_of"), policy.facts.asOf.value}};
}

void makeStaff(Dice& dice, World& world)
{
    static const QList<std::pair<const char*, const char*>> teams = {
        {"claims-motor", "Motor claims"}, {"claims-home", "Home claims"}, {"health", "Health desk"},
        {"life", "Life and funeral"},     {"retentions", "Retentions"},
    };
    for (const auto& [name, title] : teams)
        world.teams.append(
            {QString::fromUtf8(name), QString::fromUtf8(title), dice.id<ScopeId>(), dice.id<ThreadId>()});
    for (const StaffMember& member : staffMembers()) {
        domain::UserProfile profile;
        profile.user = dice.id<UserId>();
        profile.name = QString::fromUtf8(member.name);
        profile.login = profile.name.section(u' ', 0, 0).toLower();
        profile.role = QString::fromUtf8(member.role);
        profile.team = world.teams.at(member.team).name;
        world.staff.append(profile);
    }
}

} // namespace

World makeWorld(quint64 seed, Timestamp now, const WorldSize& size)
{
    Dice dice(seed);
    World world;
    world.organisation = QStringLiteral("Harbourline Insurance");
    makeStaff(dice, world);
    for (int i = 0; i < size.people; ++i)
        world.people.append(makePerson(dice, i, now));
    for (int i = 0; i < size.policies; ++i)
        world.policies.append(makePolicy(dice, i, world.people, now));
    return world;
}

QByteArray policyFile(const World& world)
{
    QByteArray out;
    const auto line = [&out](const QString& what, const QJsonObject& object) {
        out += QJsonDocument(QJsonObject{{what, object}}).toJson(QJsonDocument::Compact) + '\n';
    };
    for (const Person& person : world.people)
        line(QStringLiteral("person"), personLine(person));
    for (const Policy& policy : world.policies)
        line(QStringLiteral("policy"), policyLine(policy, world));
    return out;
}

} // namespace holdfast::sample
