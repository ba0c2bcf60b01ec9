// Rows of the table in docs/performance.md, and the few helpers that every benchmark needs.
#pragma once

#include "models/base/error.h"

#include <QFuture>
#include <QString>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace holdfast::bench {

// One line "name | value | limit measured in the same run | ratio | goal" on stdout; empty fields show as "-".
struct Row
{
    QString name;
    QString value;
    QString limit;
    QString ratio;
    QString goal;
};
void print(const Row& row);

[[nodiscard]] QString number(double value, int decimals = 0); // "12,345"
[[nodiscard]] QString perSecond(double count, double seconds);
[[nodiscard]] QString milliseconds(double seconds);
[[nodiscard]] QString ratioOf(double value, double limit);

class Stopwatch
{
public:
    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Nearest rank; `samples` must not be empty.
[[nodiscard]] double percentile(std::vector<double> samples, double share);

// A benchmark has nobody to tell: what fails ends it with the words.
[[noreturn]] void giveUp(const QString& words);
inline void must(const Status& status)
{
    if (!status)
        giveUp(status.error().text);
}
template <typename T>
[[nodiscard]] T must(Result<T> result)
{
    if (!result)
        giveUp(result.error().text);
    return std::move(*result);
}
template <typename T>
[[nodiscard]] T valueOf(QFuture<Result<T>> future)
{
    future.waitForFinished();
    return must(future.result());
}
inline void done(QFuture<Result<void>> future)
{
    future.waitForFinished();
    must(future.result());
}

// The number after `name` on the command line.
[[nodiscard]] qint64 option(const char* name, qint64 otherwise);
[[nodiscard]] QString option(const char* name, const QString& otherwise);

} // namespace holdfast::bench
