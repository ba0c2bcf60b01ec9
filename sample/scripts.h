// What people write: short plays between a customer, an agent and colleagues. "%n" is the first name, "%p" the policy,
// "%c" a claim, "%r" an amount, "%a" the agent's first name.
#pragma once

#include <QList>

namespace holdfast::sample {

enum class Voice { customer, agent, note, photo, document };

struct Turn
{
    Voice voice;
    const char* text;
};

struct Script
{
    int team;
    QList<Turn> turns;
};

[[nodiscard]] const QList<Script>& scripts();
[[nodiscard]] const QList<const char*>& roomLines(); // between colleagues
[[nodiscard]] const QList<const char*>& smallTalk(); // customer's fillers

} // namespace holdfast::sample
