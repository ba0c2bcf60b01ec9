// A copy of the stores that an earlier version left under tests/data, as its owner would have them on disk.
#pragma once

#include "models/base/ids.h"
#include "tests/support/string_makers.h"

#include <QJsonObject>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {

class SeededStore
{
public:
    explicit SeededStore(const QString& version); // "v0.1"

    [[nodiscard]] QString central() const { return folder_.filePath(QStringLiteral("central")); }
    [[nodiscard]] QString desk() const { return folder_.filePath(QStringLiteral("desk")); }
    [[nodiscard]] QString text(const char* name) const;
    [[nodiscard]] qint64 number(const char* name) const;
    template <typename IdType>
    [[nodiscard]] IdType id(const char* name) const
    {
        const std::optional<IdType> id = IdType::fromHex(QStringView(text(name)));
        REQUIRE(id);
        return *id;
    }

private:
    QTemporaryDir folder_;
    QJsonObject expected_;
};

} // namespace holdfast::test
