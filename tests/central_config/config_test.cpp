#include "central/config/config.h"
#include "tests/support/string_makers.h"

#include <QFile>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::config;

namespace {

void write(const QString& file, const QByteArray& bytes)
{
    QFile handle(file);
    REQUIRE(handle.open(QIODevice::WriteOnly));
    REQUIRE(handle.write(bytes) == bytes.size());
}

const QByteArray whole = "# comment\n[listen]\ninternal = [::1]:9001\npublic=0.0.0.0:9002\ntls_certificate = c.pem\n"
                         "tls_key = k.pem\n[store]\nurl = sqlcipher:data/central.db\n[keys]\ndirectory = keys\n"
                         "[whatsapp:main]\nphone_number_id = 1\nwaba_id = 2\nintake_scope = claims\n"
                         "access_token_file = token\napp_secrets_file = secrets\nverify_token = inline\n";

} // namespace

TEST_CASE("a whole configuration is read, with secrets from files beside it")
{
    const QTemporaryDir folder;
    write(folder.filePath(QStringLiteral("token")), "  TOKEN\n");
    write(folder.filePath(QStringLiteral("secrets")), "one\n\ntwo\n");
    write(folder.filePath(QStringLiteral("central.ini")), whole);
    const auto config = loadConfig(folder.filePath(QStringLiteral("central.ini")));
    REQUIRE(config.has_value());
    CHECK(config->internal == Endpoint{QStringLiteral("::1"), 9001});
    CHECK(config->publicListener == Endpoint{QStringLiteral("0.0.0.0"), 9002});
    CHECK(config->storeUrl == QStringLiteral("sqlcipher:") + folder.filePath(QStringLiteral("data/central.db")));
    REQUIRE(config->numbers.size() == 1);
    CHECK(config->numbers.front().accessToken == "TOKEN");
    CHECK(config->numbers.front().appSecrets == QList<QByteArray>{"one", "two"});
    REQUIRE(config->warnings.size() == 1);
    CHECK(config->warnings.first().contains(QStringLiteral("verify_token")));
    CHECK_FALSE(config->warnings.first().contains(QStringLiteral("inline")));
}

TEST_CASE("what is wrong is named by line, never by value")
{
    const auto error = [](const QByteArray& text) {
        const auto config = parseConfig(text, QStringLiteral("/"));
        REQUIRE_FALSE(config.has_value());
        CHECK(config.error().code == ErrorCode::invalidInput);
        return config.error().text;
    };
    CHECK(error("[listen\n").contains(QStringLiteral("line 1")));
    CHECK(error("[listen]\ninternal = nonsense-SECRET\n").contains(QStringLiteral("line 2")));
    CHECK_FALSE(error("[listen]\ninternal = nonsense-SECRET\n").contains(QStringLiteral("SECRET")));
    CHECK(error("[listen]\ninternal = 127.0.0.1:1\n[stor]\nurl = x\n").contains(QStringLiteral("line 3")));
    CHECK(error("[keys]\ndirectory = k\n").contains(QStringLiteral("url")));
    CHECK(error("[store]\nurl = x\n[keys]\ndirectory = k\n[listen]\ntls_key = k\n")
              .contains(QStringLiteral("tls_certificate")));
    CHECK(error("[store]\nurl = x\n[keys]\ndirectory = k\n[whatsapp:main]\nphone_number_id = 1\n")
              .contains(QStringLiteral("intake_scope")));
    CHECK(error("[whatsapp:main]\naccess_token_file = nowhere\n").contains(QStringLiteral("line 2")));
}

TEST_CASE("bytes at random never make the reader fail in another way")
{
    QByteArray text = whole;
    for (int round = 0; round < 3000; ++round) {
        text[(round * 7919) % text.size()] = static_cast<char>(round * 31);
        const auto config = parseConfig(text, QStringLiteral("/"));
        CHECK((config.has_value() || !config.error().text.isEmpty()));
    }
}
