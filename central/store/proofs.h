// Proofs for POST /v1/proofs: consistency, the heads entry's inclusion, and thread heads.
#pragma once

#include "central/store/feed.h"
#include "models/log/heads.h"
#include "models/log/key_handover.h"

namespace holdfast::store {

struct ThreadProof
{
    log::ThreadHead head;
    log::HeadProof proof;
};

struct ProofAnswer
{
    QByteArray checkpoint;                   // the note that all of it is against
    log::Proof consistency;                  // from -> checkpoint size; empty when from is 0
    FeedEntry heads;                         // the log.heads entry that the checkpoint covers
    log::Proof inclusion;                    // of that entry
    std::vector<log::KeyHandover> handovers; // every change of the log's key that the checkpoint covers
    std::vector<ThreadProof> threads;        // those that have an entry below the heads entry
};

} // namespace holdfast::store
