#include "models/base/random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace holdfast {

QByteArray RandomSource::bytes(qsizetype count)
{
    QByteArray out(count, Qt::Uninitialized);
    fill({reinterpret_cast<uint8_t*>(out.data()), static_cast<size_t>(count)});
    return out;
}

EntryId RandomSource::entryId(Timestamp now)
{
    std::array<uint8_t, 16> raw{};
    fill(raw);
    const auto milliseconds = static_cast<quint64>(now.value / 1000);
    for (size_t i = 0; i < 6; ++i)
        raw[i] = static_cast<uint8_t>(milliseconds >> (40 - 8 * i));
    raw[6] = static_cast<uint8_t>(0x70 | (raw[6] & 0x0f));
    raw[8] = static_cast<uint8_t>(0x80 | (raw[8] & 0x3f));
    return *EntryId::fromBytes(QByteArrayView(reinterpret_cast<const char*>(raw.data()), 16));
}

void SystemRandom::fill(std::span<uint8_t> bytes)
{
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        std::abort(); // going on with predictable keys would be worse
}

} // namespace holdfast
