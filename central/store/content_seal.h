// Contents at rest: salt and content together, under the thread's key, bound to the entry and the key's generation.
#pragma once

#include "central/store/thread_keys.h"

namespace holdfast::store {

constexpr qsizetype saltBytes = 32;

struct OpenContent
{
    QByteArray salt;
    QByteArray content;
};

[[nodiscard]] QByteArray sealContent(const ThreadKey& key, const EntryId& entry, QByteArrayView salt,
                                     QByteArrayView content, RandomSource& random);
[[nodiscard]] Result<OpenContent> openContent(QByteArrayView key, qint64 generation, const EntryId& entry,
                                              QByteArrayView sealed);

} // namespace holdfast::store
