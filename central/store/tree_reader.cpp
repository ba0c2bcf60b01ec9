#include "central/store/tree_reader.h"

#include <bit>

namespace holdfast::store {

namespace {

tl::unexpected<Error> hole()
{
    return fail(ErrorCode::corrupt, QStringLiteral("The log's tree has a hole. Run a verification of the store."));
}

Result<std::vector<Digest>> leaves(sql::Connection& db, quint64 first, quint64 count)
{
    std::vector<Digest> digests;
    sql::Statement query =
        db.statement(QStringLiteral("SELECT leaf FROM entry_header WHERE pos >= ? AND pos < ? ORDER BY pos"));
    query.bind(0, first);
    query.bind(1, first + count);
    const Status read = query.forEach([&](sql::Statement& row) { digests.push_back(row.digest(0)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return digests;
}

Result<std::vector<Digest>> tileRoots(sql::Connection& db, unsigned level, quint64 first, quint64 count)
{
    std::vector<Digest> digests;
    sql::Statement query = db.statement(
        QStringLiteral("SELECT root FROM tile_root WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx"));
    query.bind(0, level);
    query.bind(1, first);
    query.bind(2, first + count);
    const Status read = query.forEach([&](sql::Statement& row) { digests.push_back(row.digest(0)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return digests;
}

} // namespace

log::SubtreeReader subtreeReader(sql::Connection& db)
{
    return [&db](unsigned level, quint64 index) -> Result<Digest> {
        const quint64 count = quint64(1) << (level % 8);
        Result<std::vector<Digest>> parts =
            level < 8 ? leaves(db, index * count, count) : tileRoots(db, level / 8, index * count, count);
        if (!parts)
            return tl::unexpected<Error>(parts.error());
        if (parts->size() != count)
            return hole();
        // Roots of full subtrees combine exactly as leaves do.
        return log::treeRoot(*parts);
    };
}

Result<Digest> rootAtSize(sql::Connection& db, quint64 size)
{
    const log::SubtreeReader subtree = subtreeReader(db);
    std::vector<Digest> edge;
    quint64 begin = 0;
    for (unsigned bit = 64; bit-- > 0;) {
        const quint64 width = quint64(1) << bit;
        if ((size & width) == 0)
            continue;
        Result<Digest> root = subtree(bit, begin >> bit);
        if (!root)
            return root;
        edge.push_back(*root);
        begin += width;
    }
    const Result<log::CompactTree> tree = log::CompactTree::fromEdge(size, std::move(edge));
    if (!tree)
        return tl::unexpected<Error>(tree.error());
    return tree->root();
}

} // namespace holdfast::store
