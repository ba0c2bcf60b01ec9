// The real programs: two holdfast-central on one PostgreSQL, one killed and one ended, and desks that go on.
#include "tests/central_programs/remote_desk.h"
#include "tests/story_support/process.h"
#include "tests/support/postgres.h"

#include <QDir>
#include <QFile>
#include <QSet>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

#include <thread>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const QString password = QStringLiteral("correct horse battery");

// One database, and any number of centrals, each with a copy of the keys.
class Centrals
{
public:
    explicit Centrals(const QString& url) : url_(url)
    {
        REQUIRE(write(QStringLiteral("password"), password.toUtf8()));
        REQUIRE(configure(0));
        const auto made =
            story::run(QStringLiteral("holdfast-admin"),
                       {QStringLiteral("init"), QStringLiteral("--config"), config(0), QStringLiteral("--name"),
                        QStringLiteral("Harbour Life"), QStringLiteral("--login"), QStringLiteral("admin"),
                        QStringLiteral("--admin"), QStringLiteral("Nomsa"), QStringLiteral("--password-file"),
                        folder_.filePath(QStringLiteral("password"))});
        INFO(made.errors.toStdString());
        REQUIRE(made.good());
    }

    void start(int number)
    {
        REQUIRE(configure(number));
        if (number > 0) {
            QDir().mkpath(keys(number));
            QFile::setPermissions(keys(number), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
            for (const QString& name : QDir(keys(0)).entryList(QDir::Files)) {
                if (name != QStringLiteral("anchor.note"))
                    REQUIRE(QFile::copy(keys(0) + u'/' + name, keys(number) + u'/' + name));
            }
        }
        const QJsonObject ports =
            service(number).start(QStringLiteral("holdfast-central"), {QStringLiteral("--config"), config(number)});
        INFO(service(number).errors().toStdString());
        REQUIRE_FALSE(ports.isEmpty());
        ports_.at(size_t(number)) = static_cast<quint16>(ports.value(QStringLiteral("internal")).toInt());
    }
    [[nodiscard]] story::Service& service(int number) { return services_.at(size_t(number)); }
    [[nodiscard]] quint16 port(int number) const { return ports_.at(size_t(number)); }

private:
    [[nodiscard]] QString keys(int number) const { return folder_.filePath(QStringLiteral("keys%1").arg(number)); }
    [[nodiscard]] QString config(int number) const
    {
        return folder_.filePath(QStringLiteral("central%1.ini").arg(number));
    }
    [[nodiscard]] bool configure(int number) const
    {
        return write(QStringLiteral("central%1.ini").arg(number),
                     QStringLiteral("[listen]\ninternal = 127.0.0.1:%1\npublic = 127.0.0.1:%2\n[store]\nurl = %3\n"
                                    "[keys]\ndirectory = keys%4\n")
                         .arg(story::freePort())
                         .arg(story::freePort())
                         .arg(url_)
                         .arg(number)
                         .toUtf8());
    }
    [[nodiscard]] bool write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(folder_.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() &&
               file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }

    const QString url_;
    QTemporaryDir folder_;
    std::array<story::Service, 2> services_;
    std::array<quint16, 2> ports_{};
};

struct Office
{
    QByteArray admin;
    ThreadId room;
};

Office setUp(http::Client& client, quint16 port, const QStringList& logins)
{
    Office office;
    const auto post = [&](const QString& path, const QJsonObject& body) {
        const Reply reply = send(client, "POST", port, path, body, office.admin).get();
        REQUIRE(reply.status == 200);
        return reply.body;
    };
    office.admin = post(QStringLiteral("/v1/sign-in"),
                        {{QStringLiteral("login"), QStringLiteral("admin")}, {QStringLiteral("password"), password}})
                       .value(QStringLiteral("token"))
                       .toString()
                       .toLatin1();
    post(QStringLiteral("/v1/scopes"), {{QStringLiteral("name"), QStringLiteral("motor")}});
    for (const QString& login : logins) {
        post(QStringLiteral("/v1/users"), {{QStringLiteral("login"), login},
                                           {QStringLiteral("name"), login},
                                           {QStringLiteral("role"), QStringLiteral("agent")},
                                           {QStringLiteral("password"), password}});
        post(QStringLiteral("/v1/grants"),
             {{QStringLiteral("login"), login}, {QStringLiteral("scope"), QStringLiteral("motor")}});
    }
    const QJsonObject room = post(QStringLiteral("/v1/rooms"), {{QStringLiteral("scope"), QStringLiteral("motor")},
                                                                {QStringLiteral("title"), QStringLiteral("Motor")}});
    office.room = *ThreadId::fromHex(room.value(QStringLiteral("thread")).toString());
    return office;
}

void untilOneWaits(http::Client& client, quint16 port)
{
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    bool waits = false;
    while (!waits && std::chrono::steady_clock::now() < limit)
        waits = send(client, "GET", port, QStringLiteral("/metrics"), {}, {})
                    .get()
                    .text.contains("\nholdfast_feed_polls 1\n");
    REQUIRE(waits);
}

QByteArrayList acceptedIn(const Reply& reply)
{
    QByteArrayList accepted;
    for (const QJsonValue& value : reply.body.value(QStringLiteral("results")).toArray()) {
        const QString result = value.toObject().value(QStringLiteral("result")).toString();
        if (result == QStringLiteral("accepted") || result == QStringLiteral("duplicate"))
            accepted.append(QByteArray::fromHex(value.toObject().value(QStringLiteral("entry")).toString().toLatin1()));
    }
    return accepted;
}

} // namespace

TEST_CASE("a central that is killed loses nothing that it acknowledged, and its desks go on at the other")
{
    TemporaryPostgres postgres;
    Centrals centrals(postgres.urlText());
    centrals.start(0);
    centrals.start(1);
    http::Client client({});
    const QStringList logins{QStringLiteral("lerato"), QStringLiteral("fatima"), QStringLiteral("sipho")};
    const Office office = setUp(client, centrals.port(0), logins);
    std::vector<std::unique_ptr<RemoteDesk>> desks;
    for (const QString& login : logins) {
        desks.push_back(std::make_unique<RemoteDesk>(client));
        REQUIRE(desks.back()->signIn(centrals.port(1), login, password));
    }
    // Three desks push without a pause at the second central, until it is killed in the middle of that.
    std::atomic<int> answered = 0;
    std::array<QByteArrayList, 3> acknowledged;
    std::array<QJsonObject, 3> last; // pushed, perhaps committed, never acknowledged
    {
        std::vector<std::jthread> pushing;
        for (size_t i = 0; i < desks.size(); ++i) {
            pushing.emplace_back([&, i] {
                for (;;) {
                    last[i] = desks[i]->say(office.room, QStringLiteral("before"));
                    const Reply reply = desks[i]->push(centrals.port(1), {last[i]}).get();
                    if (reply.status == 0)
                        return;
                    acknowledged[i] += acceptedIn(reply);
                    ++answered;
                }
            });
        }
        while (answered < 60)
            std::this_thread::yield();
        centrals.service(1).kill();
    }
    // At the first one: the same token, the same cursor, and the entry that may or may not be in the log already.
    for (size_t i = 0; i < desks.size(); ++i) {
        const Reply again = desks[i]->push(centrals.port(0), {last[i]}).get();
        REQUIRE(again.status == 200);
        CHECK(acceptedIn(again).size() == 1);
        acknowledged[i] += acceptedIn(again);
    }
    for (const auto& desk : desks) {
        REQUIRE(desk->catchUp(centrals.port(0)));
        QSet<QByteArray> heard(desk->heard().begin(), desk->heard().end());
        CHECK(heard.size() == desk->heard().size()); // nothing twice
        for (const QByteArrayList& entries : acknowledged) {
            for (const QByteArray& entry : entries)
                CHECK(heard.contains(entry));
        }
    }
}

TEST_CASE("at SIGTERM central answers who waits, finishes what it took in, and ends")
{
    TemporaryPostgres postgres;
    Centrals centrals(postgres.urlText());
    centrals.start(0);
    centrals.start(1);
    http::Client client({});
    const Office office = setUp(client, centrals.port(0), {QStringLiteral("lerato"), QStringLiteral("fatima")});
    RemoteDesk writer(client), waiter(client);
    REQUIRE(writer.signIn(centrals.port(1), QStringLiteral("lerato"), password));
    REQUIRE(waiter.signIn(centrals.port(1), QStringLiteral("fatima"), password));
    REQUIRE(waiter.catchUp(centrals.port(1)));
    auto poll = waiter.poll(centrals.port(1), 25);
    untilOneWaits(client, centrals.port(1));
    std::vector<std::future<Reply>> pushes;
    for (int i = 0; i < 40; ++i) {
        QJsonArray entries;
        for (int entry = 0; entry < 20; ++entry)
            entries.append(writer.say(office.room, QStringLiteral("late")));
        pushes.push_back(writer.push(centrals.port(1), entries));
    }
    centrals.service(1).stop();
    CHECK_FALSE(centrals.service(1).isRunning());
    CHECK(centrals.service(1).exitCode() == 0);
    CHECK(waiter.take(poll.get()));
    qsizetype acknowledged = 0;
    QByteArrayList entries;
    for (auto& push : pushes) {
        const Reply reply = push.get();
        entries += acceptedIn(reply);
        acknowledged += reply.status == 200 ? 1 : 0;
        CHECK((reply.status == 200 || reply.status == 503 || reply.status == 0)); // done, sent away, or never taken
    }
    CHECK(entries.size() == acknowledged * 20);
    REQUIRE(waiter.catchUp(centrals.port(0)));
    const QSet<QByteArray> heard(waiter.heard().begin(), waiter.heard().end());
    CHECK(heard.size() == waiter.heard().size());
    for (const QByteArray& entry : entries)
        CHECK(heard.contains(entry));
}
