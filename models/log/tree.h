// The RFC 6962 Merkle tree: appending, roots and proofs.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace holdfast::log {

using Proof = std::vector<Digest>;

[[nodiscard]] Digest emptyRoot();                                       // SHA-256 of nothing
[[nodiscard]] Digest nodeHash(const Digest& left, const Digest& right); // SHA-256(0x01 || left || right)
[[nodiscard]] Digest treeRoot(std::span<const Digest> leaves);          // RFC 6962 2.1

// The right edge of a tree: enough to append and to know the root, O(log n) memory.
class CompactTree
{
public:
    CompactTree() = default;
    // `edge`: roots of the complete subtrees, largest first; its length must equal the bits set in `size`.
    [[nodiscard]] static Result<CompactTree> fromEdge(quint64 size, std::vector<Digest> edge);
    void append(const Digest& leaf);
    [[nodiscard]] quint64 size() const { return size_; }
    [[nodiscard]] const std::vector<Digest>& edge() const { return edge_; }
    [[nodiscard]] Digest root() const;

private:
    quint64 size_ = 0;
    std::vector<Digest> edge_;
};

// Gives the root of the complete subtree of 2^level leaves that starts at leaf index << level.
using SubtreeReader = std::function<Result<Digest>(unsigned level, quint64 index)>;

// RFC 6962 2.1.1 and 2.1.2. Preconditions (else invalidInput): index < size; 0 < first <= second.
[[nodiscard]] Result<Proof> inclusionProof(quint64 index, quint64 size, const SubtreeReader& subtree);
[[nodiscard]] Result<Proof> consistencyProof(quint64 first, quint64 second, const SubtreeReader& subtree);
// The same over leaves in memory.
[[nodiscard]] Result<Proof> inclusionProof(quint64 index, std::span<const Digest> leaves);
[[nodiscard]] Result<Proof> consistencyProof(quint64 first, std::span<const Digest> leaves);

// The root that an inclusion proof leads to; nothing if it has the wrong length. For trees within trees.
[[nodiscard]] std::optional<Digest> rootOfInclusion(const Digest& leaf, quint64 index, quint64 size,
                                                    std::span<const Digest> proof);

// RFC 9162 2.1.3.2 and 2.1.4.2. Never read outside `proof`, whatever it holds.
[[nodiscard]] bool verifyInclusion(const Digest& leaf, quint64 index, quint64 size, std::span<const Digest> proof,
                                   const Digest& root);
[[nodiscard]] bool verifyConsistency(quint64 first, quint64 second, const Digest& firstRoot, const Digest& secondRoot,
                                     std::span<const Digest> proof);

} // namespace holdfast::log
