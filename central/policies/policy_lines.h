// Lines of the policy system's file: one person or one policy each, in the shape that docs/api.md gives.
#pragma once

#include "models/base/error.h"
#include "models/domain/content.h"

#include <QByteArray>

#include <variant>

namespace holdfast::policies {

constexpr qsizetype maxLineBytes = 64 * 1024;

struct PersonLine
{
    QString reference;
    domain::PersonFacts facts; // phones normalised
};

struct PolicyLine
{
    QString team;              // whose scope the policy belongs to; empty: everyone's
    QString holderReference;   // of a person line, here or earlier
    domain::PolicyFacts facts; // holder and holderName not set yet
};

using Line = std::variant<PersonLine, PolicyLine>;

// invalidInput names the field, never its value.
[[nodiscard]] Result<Line> parseLine(const QByteArray& line);

} // namespace holdfast::policies
