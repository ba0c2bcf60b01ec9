#include "bench/central/temporary_store.h"

#include "bench/support/table.h"
#include "central/store/keyring.h"

#include <QUuid>

namespace holdfast::bench {

TemporaryStore::TemporaryStore(const QString& cluster)
{
    config_.keyDirectory = folder_.filePath(QStringLiteral("keys"));
    config_.checkpointInterval = std::chrono::hours(1); // its cost is a row of its own, not a share of this one
    if (cluster.isEmpty()) {
        config_.url = QStringLiteral("sqlcipher:") + folder_.filePath(QStringLiteral("central.db"));
    } else {
        url_ = must(sql::PostgresUrl::parse(cluster));
        admin_ = must(sql::WriteConnection::open(url_));
        url_.database = QStringLiteral("bench_") + QUuid::createUuid().toString(QUuid::Id128);
        must(admin_->execute(QStringLiteral("CREATE DATABASE ") + url_.database));
        config_.url =
            QStringLiteral("postgresql://%1@%2:%3/%4").arg(url_.user, url_.host).arg(url_.port).arg(url_.database);
    }
    static_cast<void>(
        must(store::Store::initialise(config_, QStringLiteral("Harbourline Insurance"), clock_, random_)));
    store_ = must(store::Store::open(config_, clock_, random_));
}

TemporaryStore::~TemporaryStore()
{
    store_.reset();
    if (admin_)
        must(admin_->execute(QStringLiteral("DROP DATABASE ") + url_.database + QStringLiteral(" WITH (FORCE)")));
}

std::unique_ptr<sql::WriteConnection> TemporaryStore::connect() const
{
    if (admin_)
        return must(sql::WriteConnection::open(url_));
    const store::Keyring keys = must(store::Keyring::load(config_.keyDirectory, config_.signerFile));
    sql::DatabaseFile file;
    file.path = folder_.filePath(QStringLiteral("central.db"));
    return must(sql::WriteConnection::open(file, sql::SecretBytes::copyOf(keys.databaseKey())));
}

} // namespace holdfast::bench
