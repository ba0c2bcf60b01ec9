#include "central/channels/whatsapp/provider_body.h"
#include "tests/support/string_makers.h"
#include "tests/whatsapp/samples.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace holdfast;
using namespace holdfast::whatsapp;
using namespace holdfast::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 receivedAt = 1'800'000'000'000'000;

Result<ProviderBody> parse(const QByteArray& bytes)
{
    return parseBody(store::InboxItem{7, {receivedAt}, u"whatsapp"_s, bytes, {}});
}

ProviderBody parsed(const QJsonObject& body)
{
    auto result = parse(jsonOf(body));
    REQUIRE(result);
    return std::move(*result);
}

// Every part that a body has, so that none can go missing; a list of a wrong shape is one part.
size_t partsIn(const QJsonObject& body)
{
    size_t parts = 0;
    const QJsonArray entries = body[u"entry"_s].toArray();
    for (const QJsonValue entry : entries) {
        if (!entry[u"changes"_s].isArray()) {
            ++parts;
            continue;
        }
        const QJsonArray changes = entry[u"changes"_s].toArray();
        for (const QJsonValue change : changes) {
            const QJsonObject value = change[u"value"_s].toObject();
            bool lists = false;
            for (const QString& name : {u"messages"_s, u"statuses"_s, u"errors"_s}) {
                if (change[u"field"_s].toString() != u"messages" || !value.contains(name))
                    continue;
                lists = true;
                parts += value[name].isArray() ? size_t(value[name].toArray().size()) : 1;
            }
            parts += lists ? 0 : 1;
        }
    }
    return parts;
}

size_t partsOf(const ProviderBody& body)
{
    return body.messages.size() + body.statuses.size() + body.notices.size();
}

// All versions of `value` in which one part of it has another type.
void swapTypes(const QJsonValue& value, const std::function<void(QJsonValue)>& use)
{
    for (const QJsonValue& other : {QJsonValue(QJsonObject{{u"x"_s, 1}}), QJsonValue(QJsonArray{1, u"a"_s}),
                                    QJsonValue(1e300), QJsonValue(), QJsonValue(u""_s), QJsonValue(true)})
        use(other);
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (const QString& key : object.keys()) {
            QJsonObject without = object;
            without.remove(key);
            use(without);
            swapTypes(object[key], [&](const QJsonValue& swapped) {
                QJsonObject with = object;
                with.insert(key, swapped);
                use(with);
            });
        }
    } else if (value.isArray()) {
        const QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < array.size(); ++i) {
            swapTypes(array[i], [&](const QJsonValue& swapped) {
                QJsonArray with = array;
                with[i] = swapped;
                use(with);
            });
        }
    }
}

} // namespace

TEST_CASE("a text message gives person, time, words and what it answers")
{
    QJsonObject message = textMessage(u"wamid.1"_s, u"Hello"_s);
    message.insert(u"context"_s, QJsonObject{{u"from"_s, u"27115550100"_s}, {u"id"_s, u"wamid.0"_s}});
    const ProviderBody body = parsed(bodyWith({message}));
    REQUIRE(body.messages.size() == 1);
    const InboundMessage& one = body.messages.front();
    CHECK(one.id == u"wamid.1"_s);
    CHECK(one.route.phoneNumberId == QString::fromLatin1(numberId));
    CHECK(one.sender.phone == u"+27825550143"_s);
    CHECK(one.sender.name == u"Thandi Mokoena"_s);
    CHECK(one.at.value == 1'760'000'000'000'000);
    CHECK(one.text == u"Hello"_s);
    CHECK(one.quotedId == u"wamid.0"_s);
    CHECK(one.unparsed.isEmpty());
}

TEST_CASE("every type is kept: understood ones whole, the others beside their own object")
{
    for (const Sample& sample : messageSamples()) {
        INFO(sample.name.toStdString());
        const ProviderBody body = parsed(bodyWith({sample.message}));
        REQUIRE(body.messages.size() == 1);
        const InboundMessage& one = body.messages.front();
        CHECK(one.type == sample.message[u"type"_s].toString());
        CHECK(one.unparsed == (sample.understood ? QJsonObject() : sample.message));
    }
    const ProviderBody chosen = parsed(bodyWith({messageSamples()[10].message}));
    CHECK(chosen.messages.front().text == u"Yes, please"_s);
}

TEST_CASE("media brings its id, its hash as bytes and its name")
{
    const ProviderBody body = parsed(bodyWith({messageSamples()[2].message}));
    REQUIRE(body.messages.front().media);
    CHECK(body.messages.front().media->fileName == u"quote.pdf"_s);
    CHECK(body.messages.front().media->sha256 == sha256({}));
}

TEST_CASE("people are known by phone, by user id, and by what a system message replaces")
{
    QJsonObject message = textMessage(u"wamid.1"_s, u"Hi"_s);
    message.insert(u"from"_s, u"ZA.13491208655302741918"_s); // a user id in the field for phones
    CHECK(parsed(bodyWith({message})).messages.front().sender.userIds == QStringList{u"ZA.13491208655302741918"_s});
    message.remove(u"from"_s);
    message.insert(u"from_user_id"_s, u"ZA.1349"_s);
    message.insert(u"from_parent_user_id"_s, u"ZA.ENT.77"_s);
    const Correspondent both = parsed(bodyWith({message})).messages.front().sender;
    CHECK(both.userIds == QStringList{u"ZA.1349"_s, u"ZA.ENT.77"_s});
    CHECK(both.phone == u"+27825550143"_s); // of the only contact

    QJsonObject changed = messageSamples()[14].message;
    const Correspondent sender = parsed(envelope({{u"messages"_s, QJsonArray{changed}}})).messages.front().sender;
    CHECK(sender.phone == u"+27825550199"_s);
    CHECK(sender.formerKeys == QStringList{u"+27825550143"_s});
}

TEST_CASE("statuses bring their errors; unknown words stay words")
{
    QJsonObject failed = statusOf(u"wamid.2"_s, u"failed"_s);
    failed.insert(u"errors"_s, QJsonArray{QJsonObject{{u"code"_s, 131047}, {u"title"_s, u"Re-engagement message"_s}}});
    const ProviderBody body =
        parsed(envelope({{u"statuses"_s, QJsonArray{failed, statusOf(u"wamid.2"_s, u"evaporated"_s),
                                                    statusOf(u"wamid.2"_s, u"waiting"_s)}}}));
    REQUIRE(body.statuses.size() == 3);
    CHECK(body.statuses[0].status == domain::DeliveryStatus::failed);
    CHECK(body.statuses[0].errorCode == 131047);
    CHECK(body.statuses[0].errorTitle == u"Re-engagement message"_s);
    CHECK_FALSE(body.statuses[1].status);
    CHECK_FALSE(body.statuses[2].status); // a word of ours, not of theirs
}

TEST_CASE("what is neither message nor status becomes a notice")
{
    const QJsonObject lost{{u"code"_s, 131035}, {u"title"_s, u"Webhook could not be delivered"_s}};
    const ProviderBody errors = parsed(envelope({{u"errors"_s, QJsonArray{lost}}}));
    REQUIRE(errors.notices.size() == 1);
    CHECK(errors.notices.front().type == u"errors"_s);
    CHECK(errors.notices.front().original == lost);
    const ProviderBody other =
        parsed({{u"entry"_s,
                 QJsonArray{QJsonObject{
                     {u"id"_s, QString::fromLatin1(wabaId)},
                     {u"changes"_s, QJsonArray{QJsonObject{{u"field"_s, u"account_update"_s},
                                                           {u"value"_s, QJsonObject{{u"event"_s, u"BAN"_s}}}}}}}}}});
    REQUIRE(other.notices.size() == 1);
    CHECK(other.notices.front().type == u"account_update"_s);
    CHECK(other.notices.front().route.wabaId == QString::fromLatin1(wabaId));
}

TEST_CASE("depth and number of parts are capped, and what is no JSON is refused with words")
{
    for (const QByteArray& bytes :
         {QByteArray(), QByteArray("{"), QByteArray("[]"), QByteArray("{\"entry\":{}}"), QByteArray("\"entry\""),
          QByteArray(3 * 1024 * 1024, '['), QByteArray("{\"entry\":[\"\xff\xfe\"]}")}) {
        const auto result = parse(bytes);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == ErrorCode::invalidInput);
    }
    QByteArray many = "{\"entry\":[";
    many += QByteArray("{},").repeated(20'000);
    CHECK_FALSE(parse(many + "{}]}"));
    QByteArray some = "{\"entry\":[";
    some += QByteArray("{},").repeated(2'000);
    const auto within = parse(some + "{}]}");
    REQUIRE(within);
    CHECK(within->notices.size() == 2'001);
}

TEST_CASE("times that cannot be are the time of arrival")
{
    for (const QJsonValue& time : {QJsonValue(u"soon"_s), QJsonValue(-5), QJsonValue(u"99999999999999"_s),
                                   QJsonValue(QJsonObject()), QJsonValue(1e300)}) {
        QJsonObject message = textMessage(u"wamid.1"_s, u"Hi"_s);
        message.insert(u"timestamp"_s, time);
        CHECK(parsed(bodyWith({message})).messages.front().at.value == receivedAt);
    }
}

TEST_CASE("no wrong type anywhere crashes the parser or loses a part")
{
    QJsonArray messages;
    for (const Sample& sample : messageSamples())
        messages.append(sample.message);
    QJsonObject value = bodyWith(messages)[u"entry"_s][0][u"changes"_s][0][u"value"_s].toObject();
    value.insert(u"statuses"_s, QJsonArray{statusOf(u"wamid.2"_s, u"sent"_s)});
    int tried = 0;
    swapTypes(envelope(value), [&tried](const QJsonValue& swapped) {
        const QJsonObject body = swapped.toObject();
        const auto result = parse(jsonOf(body));
        ++tried;
        if (result && partsOf(*result) != partsIn(body))
            FAIL("a part was lost: " << jsonOf(body).toStdString());
        if (!result && body[u"entry"_s].isArray())
            FAIL("refused: " << jsonOf(body).toStdString());
    });
    CHECK(tried > 500);
}

TEST_CASE("broken bytes never crash the parser")
{
    std::mt19937 random(20261123);
    QJsonArray messages;
    for (const Sample& sample : messageSamples())
        messages.append(sample.message);
    const QByteArray good = jsonOf(bodyWith(messages));
    REQUIRE(parse(good));
    int refused = 0;
    for (int i = 0; i < 4'000; ++i) {
        QByteArray bytes = good;
        if (i % 3 == 0)
            bytes.truncate(qsizetype(random() % size_t(bytes.size())));
        for (size_t flips = random() % 6; i % 3 != 0 && flips > 0; --flips)
            bytes[qsizetype(random() % size_t(bytes.size()))] = char(random());
        refused += parse(bytes) ? 0 : 1;
    }
    CHECK(refused > 1'000);
}

TEST_CASE("no fixture crashes the parser or loses a message")
{
    const QString folder = QStringLiteral(HOLDFAST_SOURCE_DIR "/../shared/whatsapp/fixtures");
    if (!QDir(folder).exists())
        SKIP("The fixtures are not on this machine.");
    int bodies = 0;
    QDirIterator files(folder, {u"*.json"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        REQUIRE(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        const auto result = parse(bytes);
        const QJsonObject body = QJsonDocument::fromJson(bytes).object();
        if (!body[u"entry"_s].isArray())
            continue;
        INFO(file.fileName().toStdString());
        REQUIRE(result);
        CHECK(partsOf(*result) == partsIn(body));
        ++bodies;
    }
    CHECK(bodies > 50);
}
