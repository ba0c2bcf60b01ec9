// A small central store of this version.
#pragma once

#include "central/store/store.h"
#include "sample/world.h"

namespace holdfast::bench {

struct KnownMessage
{
    ThreadId thread;
    EntryId entry;
    QString text;
};

struct SeededCentral
{
    store::Organisation organisation;
    std::vector<store::FeedEntry> entries; // everything, as a desk with every scope gets it
    KnownMessage known;
};

[[nodiscard]] SeededCentral seedCentral(const QString& folder, const sample::World& world, Clock& clock,
                                        RandomSource& random);

} // namespace holdfast::bench
