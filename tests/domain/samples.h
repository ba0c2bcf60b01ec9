// One content of every kind with every field set, so that tests reach each field.
#pragma once

#include "models/domain/content.h"
#include "models/log/signing.h"

#include <vector>

namespace holdfast::test {

struct Sample
{
    domain::Kind kind;
    domain::Content content;
    QByteArray json;
};

template <typename IdType>
IdType idOf(int number)
{
    return *IdType::fromBytes(sha256({QByteArray::number(number)}).toBytes().first(16));
}

std::vector<Sample> allSamples();

} // namespace holdfast::test
