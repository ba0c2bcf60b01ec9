// A run told line by line, for a person who replays a failing seed.
#pragma once

#include "storage/sync/core.h"
#include "tests/simulator/agenda.h"

#include <ostream>

namespace holdfast::simulation {

class Trace
{
public:
    static constexpr int central = -1;

    Trace(const Agenda& agenda, std::ostream* out) : agenda_(agenda), out_(out) {} // nullptr: silent

    [[nodiscard]] bool isOn() const { return out_ != nullptr; } // ask before composing a line
    void line(int desk, const QString& text);

private:
    const Agenda& agenda_;
    std::ostream* out_;
};

[[nodiscard]] QString describe(const sync::Event& event);
[[nodiscard]] QString describe(const sync::Action& action);

} // namespace holdfast::simulation
