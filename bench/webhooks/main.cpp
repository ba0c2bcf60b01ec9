// holdfast-bench-webhooks [--events N]: signed bodies at the public listener on 64 connections, on both stores.
#include "bench/central/central_process.h"
#include "bench/central/crowd.h"
#include "bench/central/load.h"
#include "bench/support/table.h"
#include "models/base/digest.h"

#include <QCoreApplication>
#include <QFile>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

constexpr int connections = 64;
constexpr char secret[] = "bench-app-secret";

// As the provider sends a text message; the fields of facts of its Cloud API.
QByteArray body(qint64 number)
{
    return QStringLiteral(
               R"({"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{)"
               R"("messaging_product":"whatsapp","metadata":{"display_phone_number":"27110001000",)"
               R"("phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Customer"},)"
               R"("wa_id":"2782%1"}],"messages":[{"from":"2782%1","id":"wamid.bench%2","timestamp":"%3",)"
               R"("text":{"body":"Good day, is my windscreen covered? Number %2."},"type":"text"}]},)"
               R"("field":"messages"}]}]})")
        .arg(number % 500 + 5550000)
        .arg(number)
        .arg(SystemClock().now().value / 1'000'000)
        .toUtf8();
}

QByteArray request(qint64 number)
{
    const QByteArray text = body(number);
    return "POST /webhooks/whatsapp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
           "X-Hub-Signature-256: sha256=" +
           hmacSha256(QByteArrayView(secret), {QByteArrayView(text)}).toBytes().toHex() +
           "\r\nContent-Length: " + QByteArray::number(text.size()) + "\r\n\r\n" + text;
}

void measure(const QString& name, const QString& cluster, qint64 events)
{
    TemporaryStore store(cluster);
    static_cast<void>(makeCrowd(store, 1, 1));
    QByteArray section = "[whatsapp:main]\ngraph_url = http://127.0.0.1:9\nversion = v25.0\n"
                         "phone_number_id = 106540352242922\nwaba_id = 102290129340398\nintake_scope = team 0\n";
    for (const auto& [key, value] :
         {std::pair("access_token", "token"), std::pair("app_secrets", secret), std::pair("verify_token", "verify")}) {
        QFile file(store.folder() + u'/' + QLatin1StringView(key));
        if (!file.open(QIODevice::WriteOnly) || file.write(value) < 0)
            giveUp(QStringLiteral("The number's secrets cannot be written."));
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        section += QByteArray(key) + "_file = " + key + '\n';
    }
    const CentralProcess central(store, section);
    std::vector<QByteArray> requests;
    for (qint64 i = 0; i < events; ++i)
        requests.push_back(request(i));
    std::vector<double> waits;
    size_t sent = 0;
    std::unique_ptr<Load> load;
    const auto next = [&](size_t connection) {
        if (sent < requests.size())
            load->send(connection, requests[sent++]);
    };
    load = std::make_unique<Load>(central.publicPort(), [&](size_t connection, const LoadAnswer& answer) {
        if (answer.status != 200)
            giveUp(QStringLiteral("A webhook was answered %1.").arg(answer.status));
        waits.push_back(std::chrono::duration<double>(Load::Steady::now() - load->sentAt(connection)).count());
        next(connection);
    });
    for (int i = 0; i < connections; ++i)
        static_cast<void>(load->connect());
    const double loadBefore = ownCpu().all();
    const double centralBefore = central.cpu().all();
    const Stopwatch watch;
    for (size_t i = 0; i < size_t(connections); ++i)
        next(i);
    load->run([&] { return qint64(waits.size()) == events; });
    const double seconds = watch.seconds();
    const double loadCores = (ownCpu().all() - loadBefore) / seconds;
    const double centralCores = (central.cpu().all() - centralBefore) / seconds;
    print({name,
           QStringLiteral("%1, answer p50 %2, p99 %3")
               .arg(perSecond(double(events), seconds), milliseconds(percentile(waits, 0.5)),
                    milliseconds(percentile(waits, 0.99))),
           QStringLiteral("the load used %1 of a core, central %2 (its parser of the bodies runs beside)")
               .arg(number(loadCores, 2), number(centralCores, 2)),
           {},
           QStringLiteral(">= 3,000/s, p99 < 200 ms")});
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const qint64 events = option("--events", 20000);
    const QString cluster = qEnvironmentVariable("HOLDFAST_TEST_PG");
    if (!cluster.isEmpty())
        measure(QStringLiteral("webhook events, one a request, 64 connections, PostgreSQL"), cluster, events);
    measure(QStringLiteral("webhook events, one a request, 64 connections, embedded store"), QString(), events);
    return 0;
}
