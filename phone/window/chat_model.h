// The messages of the open chat as rows, with their place among their neighbours.
#pragma once

#include "phone/window/phone_message.h"

#include <QAbstractListModel>

#include <vector>

namespace holdfast::phone {

struct PhoneRow
{
    PhoneMessage message;
    QString day;            // above the first message of a day: "Today"
    bool startsRun = false; // first of several by one sender within five minutes
    bool endsRun = false;
    friend bool operator==(const PhoneRow&, const PhoneRow&) = default;
};

// GUI thread only.
class ChatModel : public QAbstractListModel
{
    Q_OBJECT
public:
    explicit ChatModel(QString businessName, QObject* parent = nullptr);

    // Rows that stay the same stay untouched.
    void set(const std::vector<PhoneMessage>& messages, Timestamp now);
    [[nodiscard]] const PhoneRow& row(int index) const { return rows_[static_cast<size_t>(index)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    // Display: the text alone, for copying. Accessible text: the whole message in words.
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    [[nodiscard]] QString spoken(const PhoneMessage& message) const;

    const QString businessName_;
    std::vector<PhoneRow> rows_;
};

} // namespace holdfast::phone
