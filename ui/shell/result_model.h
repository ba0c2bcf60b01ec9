// What the palette lists: hits in groups, and commands.
#pragma once

#include "models/base/clock.h"
#include "models/views/values.h"
#include "ui/shell/search_palette.h"
#include "ui/theme/theme.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace holdfast::ui {

struct ResultRow
{
    enum class What { label, hit, command } what = What::hit;
    views::SearchHit hit;
    QString words; // of a label or command
    QString key;   // of a command
    int command = -1;
};

class ResultModel : public QAbstractListModel
{
    Q_OBJECT
public:
    ResultModel(UserId me, QObject* parent) : QAbstractListModel(parent), me_(me) {}

    void setCommands(QList<Command> commands) { commands_ = std::move(commands); }
    // `capped`: more would match than these.
    void setHits(const QList<views::SearchHit>& hits, const QString& text, bool capped);
    void setScope(Scope scope);
    [[nodiscard]] int count(Scope scope) const;
    [[nodiscard]] QString countWords(Scope scope) const; // "7", "50+"; empty for none
    [[nodiscard]] const ResultRow* row(const QModelIndex& index) const;
    void run(int command) const;
    // Who wrote a message that is not the customer's: "Note, Lerato:"; empty for everything else.
    [[nodiscard]] QString writerOf(const views::SearchHit& hit) const;
    [[nodiscard]] QModelIndex next(const QModelIndex& from, int by) const; // skips labels

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    void rebuild();
    void addGroup(const QString& label, Scope scope, const QList<ResultRow>& rows);

    const UserId me_;
    QList<Command> commands_;
    QList<views::SearchHit> hits_;
    QString text_;
    bool capped_ = false;
    Scope scope_ = Scope::all;
    QList<ResultRow> rows_;
};

[[nodiscard]] Scope scopeOf(views::SearchHit::What what);

class ResultDelegate : public QStyledItemDelegate
{
public:
    ResultDelegate(const Theme& theme, const Clock& clock, const ResultModel& model, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintHit(QPainter& painter, const QRect& box, const views::SearchHit& hit) const;
    int paintWriter(QPainter& painter, const QRect& box, const views::SearchHit& hit) const;

    const Theme& theme_;
    const Clock& clock_;
    const ResultModel& model_;
};

} // namespace holdfast::ui
