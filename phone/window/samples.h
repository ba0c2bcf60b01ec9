// Ready-made files that a customer might send, made by code; no two are alike.
#pragma once

#include "phone/window/handset.h"

#include <memory>

namespace holdfast::phone {

class Samples
{
public:
    explicit Samples(quint64 seed);
    ~Samples();

    [[nodiscard]] PickedFile photo();
    [[nodiscard]] PickedFile pdf();

private:
    struct Maker;
    std::unique_ptr<Maker> maker_;
};

// A file that the person chose: what it is is told by its first bytes, its name is only shown.
[[nodiscard]] Result<PickedFile> readPicked(const QString& path);

} // namespace holdfast::phone
