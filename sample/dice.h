// A seeded generator whose numbers are the same on every machine (std distributions are not).
#pragma once

#include "models/base/ids.h"

#include <QList>
#include <QStringList>

#include <random>

namespace holdfast::sample {

class Dice
{
public:
    explicit Dice(quint64 seed) : engine_(seed) {}

    [[nodiscard]] quint64 number() { return engine_(); }
    [[nodiscard]] int below(int limit) { return static_cast<int>(engine_() % static_cast<quint64>(limit)); }
    [[nodiscard]] int between(int low, int high) { return low + below(high - low + 1); }
    [[nodiscard]] bool chance(int percent) { return below(100) < percent; }
    template <typename T>
    [[nodiscard]] const T& pick(const QList<T>& list)
    {
        return list.at(below(static_cast<int>(list.size())));
    }
    template <typename IdType>
    [[nodiscard]] IdType id()
    {
        QByteArray bytes;
        for (int half = 0; half < 2; ++half) {
            const quint64 value = engine_();
            bytes.append(reinterpret_cast<const char*>(&value), 8);
        }
        return *IdType::fromBytes(bytes);
    }

private:
    std::mt19937_64 engine_;
};

} // namespace holdfast::sample
