#include "tests/domain/samples.h"
#include "tests/support/string_makers.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <catch2/catch_test_macros.hpp>

#include <random>
#include <set>

using namespace holdfast;
using namespace holdfast::domain;
using namespace holdfast::test;

namespace {

bool isUnknown(const Content& content)
{
    return std::holds_alternative<Unknown>(content);
}

QByteArray written(const Content& content)
{
    return std::visit(
        [](const auto& value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Unknown>)
                return QByteArray("unknown: ") + value.why.toUtf8();
            else
                return toJson(value);
        },
        content);
}

QByteArray compact(const QJsonValue& object)
{
    return QJsonDocument(object.toObject()).toJson(QJsonDocument::Compact);
}

// Every value that stands in the place of another, one at a time, at every depth; recorded acts keep what they hold.
void replaceEach(const QJsonValue& value, const std::vector<QJsonValue>& replacements,
                 const std::function<void(const QJsonValue&)>& visit)
{
    for (const QJsonValue& replacement : replacements) {
        if (replacement.type() != value.type())
            visit(replacement);
    }
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (const QString& key : object.keys()) {
            replaceEach(object[key], replacements, [&](const QJsonValue& changed) {
                QJsonObject copy = object;
                copy[key] = changed;
                visit(copy);
            });
        }
    }
    if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < array.size(); ++i) {
            replaceEach(array[i], replacements, [&](const QJsonValue& changed) {
                QJsonArray copy = array;
                copy[i] = changed;
                visit(copy);
            });
        }
    }
}

} // namespace

TEST_CASE("Every kind's content comes back as it was written")
{
    std::set<log::KindNumber> kinds;
    std::set<size_t> alternatives;
    for (const Sample& sample : allSamples()) {
        INFO(nameOf(sample.kind).toUtf8().toStdString());
        const Content read = parseContent(number(sample.kind), sample.json);
        CHECK(read.index() == sample.content.index());
        CHECK(written(read) == sample.json);
        CHECK(compact(QJsonDocument::fromJson(sample.json).object()) == sample.json); // compact, keys sorted
        kinds.insert(number(sample.kind));
        alternatives.insert(sample.content.index());
    }
    CHECK(alternatives.size() == std::variant_size_v<Content> - 1); // all but Unknown
    for (log::KindNumber candidate = 0; candidate < 1000; ++candidate)
        CHECK(kindOf(candidate).has_value() == kinds.contains(candidate));
}

TEST_CASE("Values survive: a customer's message, field by field")
{
    const Sample sample = allSamples()[1];
    const Content read = parseContent(number(Kind::customerMessage), sample.json);
    const auto& before = std::get<CustomerMessage>(sample.content);
    const auto& after = std::get<CustomerMessage>(read);
    CHECK(after.person == before.person);
    CHECK(after.fromName == before.fromName);
    CHECK(after.channel == before.channel);
    CHECK(after.providerId == before.providerId);
    CHECK(after.providerAt == before.providerAt);
    CHECK(after.type == before.type);
    CHECK(after.text == before.text);
    CHECK(after.attachments == before.attachments);
    CHECK(after.quotedProviderId == before.quotedProviderId);
    CHECK(after.unparsed == before.unparsed);
}

TEST_CASE("Empty contents leave out what a reader assumes")
{
    CHECK(toJson(RoomMessage{QStringLiteral("Good day"), {}, {}}) == R"({"text":"Good day"})");
    CHECK(toJson(ThreadAssigned{}) == "{}");
    const auto assigned = parseContent(number(Kind::threadAssigned), "{}");
    CHECK_FALSE(std::get<ThreadAssigned>(assigned).assignee);
    const auto state = parseContent(number(Kind::threadState), R"({"status":"open"})");
    CHECK(std::get<ThreadState>(state).until.value == 0);
}

TEST_CASE("A field of another type makes the content unknown, with a reason; a missing one is never guessed")
{
    const std::vector<QJsonValue> replacements{QJsonValue(),
                                               true,
                                               1.5,
                                               QStringLiteral("zz"),
                                               QJsonArray{QJsonArray{}},
                                               QJsonObject{{QStringLiteral("$ne"), 1}}};
    size_t tried = 0;
    for (const Sample& sample : allSamples()) {
        if (std::holds_alternative<RecordedAct>(sample.content))
            continue;
        QJsonObject object = QJsonDocument::fromJson(sample.json).object();
        object.remove(QStringLiteral("unparsed")); // the provider's own object has no types of ours
        replaceEach(object, replacements, [&](const QJsonValue& changed) {
            if (!changed.isObject())
                return;
            ++tried;
            const Content read = parseContent(number(sample.kind), compact(changed));
            INFO(nameOf(sample.kind).toUtf8().toStdString() << " " << compact(changed).toStdString());
            const auto* unknown = std::get_if<Unknown>(&read);
            // The whole object replaced by {"$ne": 1} cannot happen here: it has the same type.
            REQUIRE(unknown);
            CHECK_FALSE(unknown->why.isEmpty());
        });
        for (const QString& key : object.keys()) {
            QJsonObject without = object;
            without.remove(key);
            const Content read = parseContent(number(sample.kind), compact(without));
            if (!isUnknown(read))
                CHECK(written(read) == compact(without)); // optional: and stays absent
        }
    }
    CHECK(tried > 500);
}

TEST_CASE("Numbers must be whole, in range and exact")
{
    const auto read = [](const char* value) {
        return parseContent(number(Kind::threadRead), QByteArray(R"({"up_to":)") + value + '}');
    };
    CHECK(std::get<ThreadRead>(read("9007199254740992")).upTo.value == 9007199254740992ULL);
    for (const char* bad : {"-1", "1.5", "9007199254740993", "1e300", "-0.5", "18446744073709551616", "\"1\"", "null"})
        CHECK(isUnknown(read(bad)));
}

TEST_CASE("Ids, digests and words have one spelling and length")
{
    const auto read = [](const QByteArray& id) {
        return parseContent(number(Kind::deviceRevoked), R"({"device":")" + id + R"("})");
    };
    CHECK_FALSE(isUnknown(read(QByteArray(32, 'a'))));
    for (const QByteArray& bad : {QByteArray(31, 'a'), QByteArray(33, 'a'), QByteArray(32, 'g'), QByteArray(),
                                  QByteArray(16, 'a') + "    " + QByteArray(12, 'a')})
        CHECK(isUnknown(read(bad)));
    CHECK(isUnknown(parseContent(number(Kind::threadState), R"({"status":"Open"})")));
    CHECK(isUnknown(parseContent(number(Kind::logHeads), R"({"covers":1,"heads_root":"00"})")));
}

TEST_CASE("A device cannot take another device's id")
{
    const std::vector<Sample> samples = allSamples();
    const auto found = std::find_if(samples.begin(), samples.end(),
                                    [](const Sample& one) { return one.kind == Kind::deviceEnrolled; });
    REQUIRE(found != samples.end());
    const Sample& sample = *found;
    auto enrolled = std::get<DeviceEnrolled>(sample.content);
    enrolled.device = idOf<DeviceId>(99);
    CHECK(isUnknown(parseContent(number(sample.kind), toJson(enrolled))));
    enrolled.publicKey.chop(1);
    enrolled.device = log::deviceOf(enrolled.publicKey);
    CHECK(isUnknown(parseContent(number(sample.kind), toJson(enrolled))));
}

TEST_CASE("Hostile JSON is unknown, quickly and without harm")
{
    const auto room = number(Kind::roomMessage);
    const QByteArray deep = QByteArray("[").repeated(100000) + QByteArray("]").repeated(100000);
    const QByteArray filled = R"({"text":")" + QByteArray(64 * 1024 - 11, 'a') + R"("})";
    REQUIRE(filled.size() == log::maxContentBytes);
    CHECK_FALSE(isUnknown(parseContent(room, filled)));
    const QByteArray tooLarge = R"({"text":")" + QByteArray(64 * 1024 - 10, 'a') + R"("})";
    const QByteArray nested65 =
        R"({"text":"a","x":)" + QByteArray("[").repeated(64) + QByteArray("]").repeated(64) + '}';
    const QByteArray nested64 =
        R"({"text":"a","x":)" + QByteArray("[").repeated(63) + QByteArray("]").repeated(63) + '}';
    CHECK_FALSE(isUnknown(parseContent(room, nested64)));
    CHECK_FALSE(isUnknown(parseContent(room, R"({"text":"[[[[ \" {{{{","newer":[1]})")));
    for (const QByteArray& bad :
         {QByteArray(), QByteArray("{"), QByteArray("[]"), QByteArray("null"), QByteArray("{\"text\":\"a\"}x"), deep,
          R"({"text":)" + deep.first(60000) + '}', tooLarge, nested65, QByteArray("{\"text\":\"a\0b\"}", 14),
          QByteArray(R"({"text":"a\u0000b"})"), QByteArray(R"({"text":"\ud800"})"),
          QByteArray(R"({"text":"a","x":"\udc00\ud800"})"), QByteArray(R"({"text":"a","\u0000":1})"),
          QByteArray("{\"text\":\"\xed\xa0\x80\"}"), QByteArray("{\"text\":\"\xff\"}"), QByteArray(1, '\0')})
        CHECK(isUnknown(parseContent(room, bad)));
    CHECK(isUnknown(parseContent(2, "{}")));
    CHECK(isUnknown(parseContent(0xffffffff, "{}")));
}

TEST_CASE("Flipped, truncated and random bytes never give a content that cannot be written again")
{
    std::mt19937 random(42);
    size_t understood = 0;
    for (const Sample& sample : allSamples()) {
        for (int round = 0; round < 400; ++round) {
            QByteArray bytes = sample.json;
            const auto place = qsizetype(random() % static_cast<unsigned>(bytes.size()));
            if (round % 3 == 0)
                bytes.truncate(place);
            else
                bytes[place] = static_cast<char>(bytes[place] ^ (1 << (random() % 8)));
            const Content read = parseContent(number(sample.kind), bytes);
            if (isUnknown(read))
                continue;
            ++understood;
            const QByteArray again = written(read);
            CHECK(written(parseContent(number(sample.kind), again)) == again);
        }
    }
    CHECK(understood > 100);
}

TEST_CASE("What a writer is given never makes a content that no reader takes")
{
    CustomerMessage message = std::get<CustomerMessage>(allSamples()[1].content);
    message.text = QString(u'a') + QChar(u'\0') + QChar(0xd800) + u'b';
    QJsonValue deep = QStringLiteral("bottom");
    for (int i = 0; i < 200; ++i)
        deep = QJsonObject{{QStringLiteral("d"), deep}};
    message.unparsed = deep.toObject();
    message.unparsed[QString(QChar(u'\0'))] = QString(QChar(0xdfff));
    const Content read = parseContent(number(Kind::customerMessage), toJson(message));
    REQUIRE(std::holds_alternative<CustomerMessage>(read));
    CHECK(std::get<CustomerMessage>(read).text == QStringLiteral("a\uFFFD\uFFFDb"));
    message.text = QStringLiteral("\U0001F600");
    CHECK(std::get<CustomerMessage>(parseContent(number(Kind::customerMessage), toJson(message))).text == message.text);
}

TEST_CASE("Words of the format go there and back")
{
    for (const auto type : {ThreadType::customerCase, ThreadType::audit})
        CHECK(threadTypeOf(wordOf(type)) == type);
    CHECK(wordOf(ThreadType::customerCase) == QStringLiteral("case"));
    CHECK(wordOf(DeliveryStatus::delivered) == QStringLiteral("delivered"));
    CHECK(deliveryStatusOf(u"played") == DeliveryStatus::played);
    CHECK(custodyStepOf(wordOf(CustodyStep::deletedAtProvider)) == CustodyStep::deletedAtProvider);
    CHECK(scopeTypeOf(wordOf(ScopeType::personal)) == ScopeType::personal);
    CHECK(threadStatusOf(wordOf(ThreadStatus::done)) == ThreadStatus::done);
    CHECK_FALSE(threadStatusOf(u""));
}

TEST_CASE("The registry says who writes a kind and what may be erased")
{
    CHECK(authorOf(Kind::agentReply) == Author::device);
    CHECK(authorOf(Kind::customerMessage) == Author::central);
    CHECK(authorOf(Kind::grantGiven) == Author::central);
    CHECK(isStructural(Kind::deviceEnrolled));
    CHECK(isStructural(Kind::threadMoved));
    CHECK_FALSE(isStructural(Kind::customerMessage));
    std::set<QString> names;
    for (const Sample& sample : allSamples())
        names.insert(nameOf(sample.kind).toString());
    CHECK(names.size() == allSamples().size());
    CHECK(names.size() == allKinds().size()); // a new kind needs a sample
}
