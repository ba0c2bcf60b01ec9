// Small named values that belong to the store: what set-up decided, how far a follower came.
#pragma once

#include "models/base/error.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace holdfast::store {

struct Context;

class SettingReads
{
public:
    explicit SettingReads(Context& context) : context_(context) {}
    [[nodiscard]] Result<std::optional<QByteArray>> value(const QString& name);

protected:
    Context& context_;
};

class SettingWrites : public SettingReads
{
public:
    using SettingReads::SettingReads;
    [[nodiscard]] Status set(const QString& name, const QByteArray& value);
};

} // namespace holdfast::store
