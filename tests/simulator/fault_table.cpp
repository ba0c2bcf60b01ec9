#include "tests/simulator/fault_table.h"

#include <numeric>

namespace holdfast::simulation {
namespace {

constexpr std::array<const char*, coreStates> stateNames{
    "signing in", "renewing", "catching up", "idle poll", "applying", "opening",  "closing",
    "reading",    "pushing",  "marking",     "uploading", "proving",  "checking", "waiting"};

constexpr std::array<const char*, faults> faultNames{
    "partition",         "requests cut off", "answers cut off",  "request lost",  "request repeated", "answer lost",
    "answer repeated",   "answer late",      "answer truncated", "answer forged", "proxy's answer",   "load shed",
    "central restarted", "token ended",      "signed out",       "grant given",   "grant ended",      "thread moved",
    "poison written",    "disk failure",     "desk killed",      "desk stalled",  "clock jumped"};

} // namespace

QString nameOf(CoreState state)
{
    return QString::fromLatin1(stateNames[index(state)]);
}

QString nameOf(Fault fault)
{
    return QString::fromLatin1(faultNames[index(fault)]);
}

void FaultTable::countIn(Fault fault, const CoreStates& states)
{
    for (size_t state = 0; state < coreStates; ++state) {
        if (states.test(state))
            ++cells_[index(fault)][state];
    }
}

void FaultTable::add(const FaultTable& other)
{
    for (size_t fault = 0; fault < faults; ++fault) {
        total_[fault] += other.total_[fault];
        for (size_t state = 0; state < coreStates; ++state)
            cells_[fault][state] += other.cells_[fault][state];
    }
}

quint64 FaultTable::total() const
{
    return std::accumulate(total_.begin(), total_.end(), quint64(0));
}

QStringList FaultTable::emptyCells() const
{
    QStringList empty;
    for (size_t fault = 0; fault < faults; ++fault) {
        for (size_t state = 0; state < coreStates; ++state) {
            if (cells_[fault][state] == 0)
                empty.append(nameOf(static_cast<Fault>(fault)) + QStringLiteral(" x ") +
                             nameOf(static_cast<CoreState>(state)));
        }
    }
    return empty;
}

QString FaultTable::toMarkdown() const
{
    QString head = QStringLiteral("| fault | faults |");
    QString rule = QStringLiteral("|---|---:|");
    for (size_t state = 0; state < coreStates; ++state) {
        head += QStringLiteral(" %1 |").arg(nameOf(static_cast<CoreState>(state)));
        rule += QStringLiteral("---:|");
    }
    QString text = head + u'\n' + rule + u'\n';
    for (size_t fault = 0; fault < faults; ++fault) {
        text += QStringLiteral("| %1 | %2 |").arg(nameOf(static_cast<Fault>(fault)), QString::number(total_[fault]));
        for (const quint64 cell : cells_[fault])
            text += QStringLiteral(" %1 |").arg(cell);
        text += u'\n';
    }
    return text;
}

} // namespace holdfast::simulation
