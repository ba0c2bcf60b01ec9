#include "models/log/key_handover.h"

#include <algorithm>

namespace holdfast::log {
namespace {

constexpr qsizetype keyBytes = 32;
constexpr qsizetype signatureBytes = 64;
constexpr qsizetype recordBytes = 2 * keyBytes + signatureBytes;

} // namespace

QByteArray handoverMessage(const OrgId& org, QByteArrayView previous, QByteArrayView next)
{
    const QByteArray id = org.toBytes();
    QByteArray message("holdfast/log-key/v1\n");
    for (const QByteArrayView part : {QByteArrayView(id), previous, next})
        message.append(part);
    return message;
}

KeyHandover handOver(const OrgId& org, const SigningKey& previous, const QByteArray& next)
{
    const QByteArray key = previous.publicKey();
    return {key, next, previous.sign(handoverMessage(org, key, next))};
}

bool verifyHandover(const OrgId& org, const KeyHandover& handover)
{
    return handover.previous.size() == keyBytes && handover.next.size() == keyBytes &&
           handover.previous != handover.next &&
           verifySignature(handover.previous, handoverMessage(org, handover.previous, handover.next),
                           handover.signature);
}

std::vector<KeyHandover> handoversFrom(const OrgId& org, const QByteArray& key, std::span<const KeyHandover> known)
{
    std::vector<KeyHandover> path;
    QByteArray newest = key;
    while (path.size() < known.size()) {
        const auto next = std::find_if(known.begin(), known.end(),
                                       [&newest](const KeyHandover& handover) { return handover.previous == newest; });
        if (next == known.end() || !verifyHandover(org, *next))
            break;
        const bool metBefore = next->next == key || std::any_of(path.begin(), path.end(), [&](const KeyHandover& done) {
                                   return done.next == next->next;
                               });
        if (metBefore)
            break;
        path.push_back(*next);
        newest = next->next;
    }
    return path;
}

QByteArray encode(std::span<const KeyHandover> handovers)
{
    QByteArray bytes;
    for (const KeyHandover& handover : handovers)
        bytes += handover.previous + handover.next + handover.signature;
    return bytes;
}

std::optional<std::vector<KeyHandover>> decodeHandovers(QByteArrayView bytes)
{
    if (bytes.size() % recordBytes != 0)
        return std::nullopt;
    std::vector<KeyHandover> handovers;
    for (; !bytes.isEmpty(); bytes = bytes.sliced(recordBytes))
        handovers.push_back({bytes.first(keyBytes).toByteArray(), bytes.sliced(keyBytes, keyBytes).toByteArray(),
                             bytes.sliced(2 * keyBytes, signatureBytes).toByteArray()});
    return handovers;
}

} // namespace holdfast::log
