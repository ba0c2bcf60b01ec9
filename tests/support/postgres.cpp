#include "tests/support/postgres.h"

#include <QUuid>

#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {

TemporaryPostgres::TemporaryPostgres()
{
    const QString text = qEnvironmentVariable("HOLDFAST_TEST_PG");
    if (text.isEmpty() && qEnvironmentVariableIsSet("HOLDFAST_TEST_REQUIRE_PG"))
        FAIL("HOLDFAST_TEST_PG names no cluster, but HOLDFAST_TEST_REQUIRE_PG asks for one");
    if (text.isEmpty())
        SKIP("needs PostgreSQL: set HOLDFAST_TEST_PG to what `tools/pg-temp start DIR` prints");
    const Result<sql::PostgresUrl> url = sql::PostgresUrl::parse(text);
    REQUIRE(url.has_value());
    Result<std::unique_ptr<sql::WriteConnection>> admin = sql::WriteConnection::open(*url);
    REQUIRE(admin.has_value());
    admin_ = std::move(*admin);
    url_ = *url;
    url_.database = QStringLiteral("test_") + QUuid::createUuid().toString(QUuid::Id128);
    REQUIRE(admin_->execute(QStringLiteral("CREATE DATABASE ") + url_.database).has_value());
}

TemporaryPostgres::~TemporaryPostgres()
{
    if (!admin_)
        return;
    // FORCE: a connection that a failed test left open must not keep the database.
    for (const QString& name : {url_.database, backup()}) {
        if (!admin_->execute(QStringLiteral("DROP DATABASE IF EXISTS %1 WITH (FORCE)").arg(name)))
            WARN("the test's database could not be dropped");
    }
}

Status TemporaryPostgres::backUp()
{
    return admin_->execute(QStringLiteral("CREATE DATABASE %1 TEMPLATE %2").arg(backup(), url_.database));
}

Status TemporaryPostgres::restore()
{
    if (const Status gone = admin_->execute(QStringLiteral("DROP DATABASE ") + url_.database); !gone)
        return gone;
    return admin_->execute(QStringLiteral("CREATE DATABASE %1 TEMPLATE %2").arg(url_.database, backup()));
}

QString TemporaryPostgres::urlText() const
{
    return QStringLiteral("postgresql://%1@%2:%3/%4").arg(url_.user, url_.host).arg(url_.port).arg(url_.database);
}

} // namespace holdfast::test
