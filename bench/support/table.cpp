#include "bench/support/table.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace holdfast::bench {

void print(const Row& row)
{
    QStringList cells{row.name, row.value, row.limit, row.ratio, row.goal};
    for (QString& cell : cells) {
        if (cell.isEmpty())
            cell = QStringLiteral("-");
    }
    std::puts(qUtf8Printable(cells.join(QStringLiteral(" | "))));
    std::fflush(stdout);
}

QString number(double value, int decimals)
{
    return QLocale(QLocale::English).toString(value, 'f', decimals);
}

QString perSecond(double count, double seconds)
{
    return number(count / seconds) + QStringLiteral("/s");
}

QString milliseconds(double seconds)
{
    return number(seconds * 1000, 2) + QStringLiteral(" ms");
}

QString ratioOf(double value, double limit)
{
    return number(value / limit, 2);
}

double percentile(std::vector<double> samples, double share)
{
    std::sort(samples.begin(), samples.end());
    const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(samples.size())));
    return samples[std::clamp<size_t>(rank, 1, samples.size()) - 1];
}

void giveUp(const QString& words)
{
    std::fprintf(stderr, "bench: %s\n", qUtf8Printable(words));
    std::exit(1);
}

QString option(const char* name, const QString& otherwise)
{
    const QStringList arguments = QCoreApplication::arguments();
    const qsizetype at = arguments.indexOf(QLatin1StringView(name));
    return at >= 0 && at + 1 < arguments.size() ? arguments.at(at + 1) : otherwise;
}

qint64 option(const char* name, qint64 otherwise)
{
    bool isNumber = false;
    const qint64 value = option(name, QString()).toLongLong(&isNumber);
    return isNumber && value > 0 ? value : otherwise;
}

} // namespace holdfast::bench
