// How Catch2 prints our values.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QByteArray>
#include <QString>

#include <catch2/catch_tostring.hpp>

namespace Catch {

template <>
struct StringMaker<QString>
{
    static std::string convert(const QString& text) { return '"' + text.toStdString() + '"'; }
};

template <>
struct StringMaker<QByteArray>
{
    static std::string convert(const QByteArray& bytes)
    {
        return bytes.toPercentEncoding(" {}[]\":,=/+").toStdString();
    }
};

template <typename Tag>
struct StringMaker<holdfast::Id<Tag>>
{
    static std::string convert(const holdfast::Id<Tag>& id) { return id.toHex().toStdString(); }
};

template <typename T>
struct StringMaker<holdfast::Result<T>>
{
    static std::string convert(const holdfast::Result<T>& result)
    {
        return result ? std::string("a value") : "error: " + result.error().text.toStdString();
    }
};

} // namespace Catch
