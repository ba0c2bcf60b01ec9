// A generator whose numbers a seed fixes (splitmix64, https://prng.di.unimi.it/splitmix64.c).
#pragma once

#include "models/base/random.h"

namespace holdfast::test {

class SeededRandom : public RandomSource
{
public:
    explicit SeededRandom(quint64 seed) : state_(seed) {}

    void fill(std::span<uint8_t> bytes) override
    {
        for (uint8_t& byte : bytes)
            byte = static_cast<uint8_t>(next() >> 24);
    }
    [[nodiscard]] quint64 below(quint64 bound) { return next() % bound; }
    [[nodiscard]] bool chance(int percent) { return below(100) < static_cast<quint64>(percent); }

private:
    quint64 next()
    {
        quint64 z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    quint64 state_;
};

} // namespace holdfast::test
