// The fixed bytes of tests/data/log-vectors.json.
#pragma once

#include "models/base/digest.h"
#include "models/log/tree.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {

inline QJsonObject vectors()
{
    QFile file(QStringLiteral(HOLDFAST_SOURCE_DIR "/tests/data/log-vectors.json"));
    REQUIRE(file.open(QIODevice::ReadOnly));
    return QJsonDocument::fromJson(file.readAll()).object();
}

inline QByteArray unhex(const QJsonValue& hex)
{
    REQUIRE(hex.isString());
    return QByteArray::fromHex(hex.toString().toLatin1());
}

inline Digest digestOf(const QJsonValue& hex)
{
    const auto digest = Digest::fromBytes(unhex(hex));
    REQUIRE(digest);
    return *digest;
}

inline log::Proof proofOf(const QJsonValue& array)
{
    log::Proof proof;
    for (const QJsonValue node : array.toArray())
        proof.push_back(digestOf(node));
    return proof;
}

} // namespace holdfast::test
