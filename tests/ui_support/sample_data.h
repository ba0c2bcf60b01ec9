// A small, believable insurer for tests and pictures: fixed ids, fixed times, invented people.
#pragma once

#include "models/views/values.h"

#include <QHash>

namespace holdfast::test {

struct SampleThread
{
    views::ThreadHeader header;     // header.row is the row of the lists
    QList<views::Message> messages; // oldest first, keys dense from 1
    QList<views::LogLine> log;
    ThreadSeq readUpTo;
};

struct SampleData
{
    views::Staff me; // Lerato Khumalo
    QString organisation;
    QList<views::Staff> staff;
    QList<SampleThread> threads; // customer threads, newest first
    QList<SampleThread> rooms;
    QList<SampleThread> directs;
    QHash<BlobId, QByteArray> blobs; // PNG pictures and small PDFs
    QHash<PolicyId, domain::PolicyFacts> policies;

    [[nodiscard]] SampleThread* find(const ThreadId& id);
    [[nodiscard]] SampleThread* named(const QString& title); // "Thandiwe Mokoena", "claims-motor"
};

// Wednesday 14 October 2026, 10:52 in Johannesburg.
[[nodiscard]] Timestamp sampleNow();
[[nodiscard]] Timestamp sampleTime(int year, int month, int day, int hour, int minute); // Johannesburg (UTC+2)

[[nodiscard]] SampleData makeSampleData();

// Ids that are the same in every run: `number` in the last bytes.
template <typename IdType>
[[nodiscard]] IdType sampleId(int number)
{
    QByteArray bytes(IdType::size, '\0');
    for (int i = 0; i < 4; ++i)
        bytes[15 - i] = static_cast<char>((number >> (8 * i)) & 0xff);
    return *IdType::fromBytes(bytes);
}

} // namespace holdfast::test
