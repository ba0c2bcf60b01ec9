#include "phone/window/chat_model.h"

#include "ui/theme/words.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace holdfast::phone {
namespace {

constexpr qint64 runUs = 5LL * 60 * 1'000'000;

QDate dayOf(Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(at.value / 1000).date();
}

QString dayWords(Timestamp at, Timestamp now)
{
    const qint64 days = dayOf(at).daysTo(dayOf(now));
    if (days == 0)
        return ChatModel::tr("Today");
    if (days == 1)
        return ChatModel::tr("Yesterday");
    return QLocale(QLocale::English, QLocale::SouthAfrica).toString(dayOf(at), QStringLiteral("d MMMM yyyy"));
}

bool sameRun(const PhoneMessage& first, const PhoneMessage& second)
{
    return first.isOwn == second.isOwn && dayOf(first.at) == dayOf(second.at) &&
           second.at.value - first.at.value < runUs;
}

std::vector<PhoneRow> placed(const std::vector<PhoneMessage>& messages, Timestamp now)
{
    std::vector<PhoneRow> rows;
    rows.reserve(messages.size());
    for (size_t i = 0; i < messages.size(); ++i) {
        PhoneRow row;
        row.message = messages[i];
        if (i == 0 || dayOf(messages[i - 1].at) != dayOf(messages[i].at))
            row.day = dayWords(messages[i].at, now);
        row.startsRun = i == 0 || !sameRun(messages[i - 1], messages[i]);
        row.endsRun = i + 1 == messages.size() || !sameRun(messages[i], messages[i + 1]);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace

ChatModel::ChatModel(QString businessName, QObject* parent)
    : QAbstractListModel(parent), businessName_(std::move(businessName))
{}

void ChatModel::set(const std::vector<PhoneMessage>& messages, Timestamp now)
{
    std::vector<PhoneRow> wanted = placed(messages, now);
    const auto sameKey = [](const PhoneRow& a, const PhoneRow& b) { return a.message.key == b.message.key; };
    const auto kept = std::mismatch(rows_.begin(), rows_.end(), wanted.begin(), wanted.end(), sameKey).first;
    const auto common = static_cast<int>(kept - rows_.begin());
    const auto before = static_cast<int>(rows_.size());
    const auto after = static_cast<int>(wanted.size());
    if (common < before) {
        beginRemoveRows({}, common, before - 1);
        rows_.erase(kept, rows_.end());
        endRemoveRows();
    }
    for (int i = 0; i < common; ++i) {
        PhoneRow& held = rows_[static_cast<size_t>(i)];
        PhoneRow& fresh = wanted[static_cast<size_t>(i)];
        if (held == fresh)
            continue;
        held = std::move(fresh);
        Q_EMIT dataChanged(index(i), index(i));
    }
    if (common < after) {
        beginInsertRows({}, common, after - 1);
        rows_.insert(rows_.end(), std::make_move_iterator(wanted.begin() + common),
                     std::make_move_iterator(wanted.end()));
        endInsertRows();
    }
}

int ChatModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant ChatModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    if (role == Qt::DisplayRole)
        return row(index.row()).message.text;
    if (role == Qt::AccessibleTextRole)
        return spoken(row(index.row()).message);
    return {};
}

QString ChatModel::spoken(const PhoneMessage& message) const
{
    QStringList parts{message.isOwn ? tr("You") : businessName_, ui::clockTime(message.at)};
    if (!message.quoteName.isEmpty())
        parts.append(tr("answering %1: %2").arg(message.quoteName, message.quoteText));
    if (message.type == "image")
        parts.append(tr("Photo"));
    if (message.type == "document")
        parts.append(tr("File %1, %2").arg(message.fileName, ui::fileSize(message.size)));
    if (message.type == "template")
        parts.append(tr("Template"));
    if (!message.text.isEmpty())
        parts.append(message.text);
    if (message.isOwn)
        parts.append(ui::statusWords(message.status));
    if (message.copyDeleted)
        parts.append(tr("Copy at the provider deleted"));
    return parts.join(QStringLiteral(", "));
}

} // namespace holdfast::phone
