#include "ui/shell/result_model.h"

#include "ui/theme/words.h"

namespace holdfast::ui {

Scope scopeOf(views::SearchHit::What what)
{
    switch (what) {
    case views::SearchHit::What::person:
    case views::SearchHit::What::thread:
        return Scope::people;
    case views::SearchHit::What::policy:
        return Scope::policies;
    case views::SearchHit::What::message:
        return Scope::messages;
    }
    return Scope::messages;
}

namespace {

// A policy's own words begin with its number, which stands above them already.
void dropNumber(views::SearchHit& hit)
{
    if (hit.what != views::SearchHit::What::policy)
        return;
    const QString number = hit.policyNumber.isEmpty() ? hit.title : hit.policyNumber;
    if (hit.policyNumber == hit.title)
        hit.policyNumber.clear();
    qsizetype from = hit.excerpt.startsWith(number) ? number.size() : 0;
    while (from > 0 && from < hit.excerpt.size() && !hit.excerpt.at(from).isLetterOrNumber())
        ++from;
    hit.excerpt.remove(0, from);
    for (auto& [start, length] : hit.marks)
        start -= static_cast<int>(from);
    hit.marks.removeIf([](const std::pair<int, int>& mark) { return mark.first < 0; });
}

} // namespace

void ResultModel::setHits(const QList<views::SearchHit>& hits, const QString& text, bool capped)
{
    hits_ = hits;
    for (views::SearchHit& hit : hits_)
        dropNumber(hit);
    text_ = text;
    capped_ = capped;
    rebuild();
}

void ResultModel::setScope(Scope scope)
{
    scope_ = scope;
    rebuild();
}

int ResultModel::count(Scope scope) const
{
    int commands = 0;
    for (const Command& command : commands_)
        commands += command.name.contains(text_, Qt::CaseInsensitive) ? 1 : 0;
    if (scope == Scope::commands)
        return commands;
    if (scope == Scope::all)
        return static_cast<int>(hits_.size()) + commands;
    return static_cast<int>(std::count_if(hits_.cbegin(), hits_.cend(),
                                          [scope](const views::SearchHit& hit) { return scopeOf(hit.what) == scope; }));
}

// The search answers people and policies before messages: what it left off is of the last kind that it reached.
QString ResultModel::countWords(Scope scope) const
{
    const int number = count(scope);
    if (number == 0)
        return {};
    const bool reached = scope == Scope::all || scope == Scope::messages || count(Scope::messages) == 0;
    const QString words = QString::number(number);
    return capped_ && reached && scope != Scope::commands ? words + u'+' : words;
}

void ResultModel::addGroup(const QString& label, Scope scope, const QList<ResultRow>& rows)
{
    if (rows.isEmpty())
        return;
    ResultRow head;
    head.what = ResultRow::What::label;
    head.words = tr("%1  %2").arg(label, countWords(scope));
    rows_.append(head);
    rows_.append(rows);
}

void ResultModel::rebuild()
{
    beginResetModel();
    rows_.clear();
    const auto wanted = [this](Scope scope) { return scope_ == Scope::all || scope_ == scope; };
    const auto hitsOf = [this](Scope scope) {
        QList<ResultRow> rows;
        for (const views::SearchHit& hit : std::as_const(hits_)) {
            ResultRow row;
            row.hit = hit;
            if (scopeOf(hit.what) == scope)
                rows.append(row);
        }
        return rows;
    };
    // Few and sure before many and perhaps.
    if (wanted(Scope::people))
        addGroup(tr("People"), Scope::people, hitsOf(Scope::people));
    if (wanted(Scope::policies))
        addGroup(tr("Policies"), Scope::policies, hitsOf(Scope::policies));
    if (wanted(Scope::messages))
        addGroup(tr("Messages"), Scope::messages, hitsOf(Scope::messages));
    QList<ResultRow> commands;
    for (int i = 0; i < commands_.size(); ++i) {
        ResultRow row;
        row.what = ResultRow::What::command;
        row.words = commands_[i].name;
        row.key = commands_[i].key;
        row.command = i;
        if (row.words.contains(text_, Qt::CaseInsensitive))
            commands.append(row);
    }
    if (wanted(Scope::commands))
        addGroup(tr("Commands"), Scope::commands, commands);
    endResetModel();
}

const ResultRow* ResultModel::row(const QModelIndex& index) const
{
    return index.isValid() && index.row() < rows_.size() ? &rows_[index.row()] : nullptr;
}

void ResultModel::run(int command) const
{
    if (command < 0 || command >= commands_.size())
        return;
    const auto act = commands_[command].run;
    act();
}

QModelIndex ResultModel::next(const QModelIndex& from, int by) const
{
    int at = from.isValid() ? from.row() + by : 0;
    while (at >= 0 && at < rows_.size()) {
        if (rows_[at].what != ResultRow::What::label)
            return index(at);
        at += by >= 0 ? 1 : -1;
    }
    return from;
}

QString ResultModel::writerOf(const views::SearchHit& hit) const
{
    using views::MessageKind;
    const bool isNote = hit.kind == MessageKind::note;
    const bool byStaff = isNote || hit.kind == MessageKind::reply || hit.kind == MessageKind::room;
    if (hit.what != views::SearchHit::What::message || !byStaff)
        return {};
    const QString author = hit.authorName.isEmpty() ? tr("Colleague") : hit.authorName;
    return writerWords(hit.author == me_ ? QString() : author, isNote);
}

int ResultModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant ResultModel::data(const QModelIndex& index, int role) const
{
    const ResultRow* shown = row(index);
    if (!shown || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole))
        return {};
    if (shown->what != ResultRow::What::hit)
        return shown->words;
    QStringList words{plainLine(shown->hit.title, 200)};
    if (!shown->hit.policyNumber.isEmpty())
        words << plainLine(shown->hit.policyNumber, 60);
    if (shown->hit.what == views::SearchHit::What::message && shown->hit.kind == views::MessageKind::note)
        words << tr("internal note, never sent");
    words << (writerOf(shown->hit) + u' ' + plainLine(shown->hit.excerpt, 200)).trimmed();
    return words.join(QStringLiteral(", "));
}

Qt::ItemFlags ResultModel::flags(const QModelIndex& index) const
{
    const ResultRow* shown = row(index);
    if (!shown || shown->what == ResultRow::What::label)
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

} // namespace holdfast::ui
