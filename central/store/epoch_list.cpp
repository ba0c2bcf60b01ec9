#include "central/store/epoch_list.h"

namespace holdfast::store {

QByteArray formatEpochList(const std::vector<EpochBeginning>& list)
{
    QByteArray text;
    for (const EpochBeginning& beginning : list)
        text += QByteArray::number(beginning.epoch.value) + ' ' + QByteArray::number(beginning.pos.value) + '\n';
    return text;
}

std::vector<EpochBeginning> parseEpochList(const QByteArray& text)
{
    std::vector<EpochBeginning> list;
    const QList<QByteArray> lines = text.split('\n');
    for (const QByteArray& line : lines) {
        const QList<QByteArray> numbers = line.split(' ');
        if (numbers.size() == 2)
            list.push_back({Epoch{numbers[0].toULongLong()}, Position{numbers[1].toULongLong()}});
    }
    return list;
}

} // namespace holdfast::store
