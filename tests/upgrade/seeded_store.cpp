#include "tests/upgrade/seeded_store.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>

namespace holdfast::test {

SeededStore::SeededStore(const QString& version)
{
    REQUIRE(folder_.isValid());
    const QDir source(QStringLiteral(HOLDFAST_SOURCE_DIR "/tests/data/") + version);
    QDirIterator files(source.path(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString from = files.next();
        const QString to = folder_.filePath(source.relativeFilePath(from));
        REQUIRE(QDir().mkpath(QFileInfo(to).path()));
        REQUIRE(QFile::copy(from, to));
        // A checkout gives wider permissions than the programs do, and a read-only tree narrower ones.
        REQUIRE(QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner));
    }
    QFile expected(folder_.filePath(QStringLiteral("expected.json")));
    REQUIRE(expected.open(QIODevice::ReadOnly));
    expected_ = QJsonDocument::fromJson(expected.readAll()).object();
    REQUIRE_FALSE(expected_.isEmpty());
}

QString SeededStore::text(const char* name) const
{
    const QJsonValue value = expected_.value(QLatin1StringView(name));
    REQUIRE(value.isString());
    return value.toString();
}

qint64 SeededStore::number(const char* name) const
{
    const QJsonValue value = expected_.value(QLatin1StringView(name));
    REQUIRE(value.isDouble());
    return value.toInteger();
}

} // namespace holdfast::test
