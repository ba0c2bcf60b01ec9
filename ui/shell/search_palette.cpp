#include "ui/shell/search_palette.h"

#include "models/views/when_done.h"
#include "ui/shell/result_model.h"
#include "ui/theme/words.h"
#include "ui/threads/filter_row.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QFuture>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int cardWidth = 840;
constexpr int cardHeight = 52 + 1 + 36 + 28 + 9 * 48 + 36; // nine whole results under one label
constexpr int cardTop = 64;
constexpr int inputHeight = 52;
constexpr int footerHeight = 36;
constexpr int pageLimit = 50;

struct FooterHint
{
    QStringList keys;
    QString words;
};

} // namespace

// The last line of the card: its keys.
class PaletteFooter : public QWidget
{
public:
    PaletteFooter(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
    {
        setFixedHeight(theme.grown(footerHeight));
        connect(&theme, &Theme::changed, this, [this] { setFixedHeight(theme_.grown(footerHeight)); });
    }

    void setLinking(bool linking)
    {
        const QString enter = QStringLiteral("Enter");
        hints_ = {{{QString(QChar(0x2191)), QString(QChar(0x2193))}, SearchPalette::tr("move")},
                  {{enter}, linking ? SearchPalette::tr("link to this thread") : SearchPalette::tr("open")}};
        if (!linking)
            hints_ << FooterHint{{QStringLiteral("Alt"), QStringLiteral("1-5")}, SearchPalette::tr("scope")}
                   << FooterHint{{QStringLiteral(">")}, SearchPalette::tr("commands only")};
        hints_ << FooterHint{{QStringLiteral("Esc")}, SearchPalette::tr("close")};
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        paintHairline(painter, rect(), Qt::TopEdge, theme_.colour(Colour::line));
        int x = 16;
        for (const FooterHint& hint : hints_) {
            for (const QString& key : hint.keys)
                x += paintKeyCap(painter, x, height() / 2, key, theme_) + 4;
            x += paintLine(painter, QRect(x + 2, 0, width() - x, height()), hint.words, Role::secondary, Colour::text2,
                           theme_) +
                 18;
        }
    }

private:
    const Theme& theme_;
    QList<FooterHint> hints_;
};

// The field of the palette: no outline of its own, the card is its frame.
class PaletteInput : public QLineEdit
{
public:
    PaletteInput(const Theme& theme, QWidget* parent) : QLineEdit(parent), theme_(theme)
    {
        setFrame(false);
        setMaxLength(400);
        setAccessibleName(SearchPalette::tr("Search conversations, people and policies"));
        restyle();
        connect(&theme, &Theme::changed, this, [this] { restyle(); });
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QPainter painter(this);
        theme_.icons().paint(painter, QPointF(18, (height() - 16) / 2.0), Icon::search, 16,
                             theme_.colour(Colour::text2));
        painter.end();
        QLineEdit::paintEvent(event);
    }

private:
    void restyle()
    {
        setFixedHeight(theme_.grown(inputHeight));
        QFont larger = theme_.font(Role::title);
        larger.setWeight(QFont::Normal);
        setFont(larger);
        setTextMargins(44, 0, 16, 0);
        QPalette colours = theme_.palette();
        colours.setColor(QPalette::Base, Qt::transparent);
        setPalette(colours);
    }

    const Theme& theme_;
};

SearchPalette::SearchPalette(const Theme& theme, views::Desk& desk, const Clock& clock, QWidget* window)
    : Overlay(theme, tr("Search"), window), desk_(desk), clock_(clock)
{
    build();
    setCardGeometry(cardWidth, cardHeight, cardTop);
    connect(input_, &QLineEdit::textChanged, this, &SearchPalette::ask);
    connect(scopes_, &FilterRow::currentChanged, this, [this](int index) {
        results_->setScope(static_cast<Scope>(index));
        list_->setCurrentIndex(results_->next({}, 1));
    });
    connect(list_, &QListView::clicked, this, [this](const QModelIndex& index) {
        list_->setCurrentIndex(index);
        activate();
    });
}

void SearchPalette::build()
{
    auto* column = new QVBoxLayout(&card());
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    input_ = new PaletteInput(theme(), &card());
    input_->installEventFilter(this);
    column->addWidget(input_);
    auto* rule = new QFrame(&card());
    rule->setFixedHeight(1);
    rule->setAutoFillBackground(true);
    rule->setBackgroundRole(QPalette::Shadow);
    column->addWidget(rule);

    scopes_ = new FilterRow(theme(), &card());
    for (int i = 0; i < 5; ++i)
        scopes_->addFilter(QString());
    column->addWidget(scopes_);
    told_ = new TextLabel(theme(), Role::secondary, Colour::text2, scopes_);
    static_cast<QBoxLayout*>(scopes_->layout())->addWidget(told_);

    words_ = new TextLabel(theme(), Role::base, Colour::text2, &card());
    words_->setWordWrap(true);
    words_->setContentsMargins(16, 12, 16, 12);
    column->addWidget(words_);
    results_ = new ResultModel(desk_.me.id, this);
    list_ = new QListView(&card());
    list_->setModel(results_);
    list_->setItemDelegate(new ResultDelegate(theme(), clock_, *results_, list_));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setAccessibleName(tr("Results"));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setMouseTracking(true);
    list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list_->viewport()->setAutoFillBackground(false);
    column->addWidget(list_, 1);
    footer_ = new PaletteFooter(theme(), &card());
    column->addWidget(footer_);
    showCounts();
}

void SearchPalette::setCommands(QList<Command> commands)
{
    results_->setCommands(std::move(commands));
}

QWidget& SearchPalette::input()
{
    return *input_;
}

QWidget* SearchPalette::firstFocus()
{
    return input_;
}

void SearchPalette::openSearch()
{
    linkTo_ = {};
    holder_.clear();
    scopes_->setEnabled(true);
    input_->setPlaceholderText(tr("Search conversations, people, policies and commands"));
    begin(Scope::all);
}

void SearchPalette::openForPolicy(const ThreadId& thread, const QString& holder)
{
    linkTo_ = thread;
    holder_ = holder.trimmed();
    input_->setPlaceholderText(tr("Policy number or holder to link"));
    begin(Scope::policies);
    scopes_->setEnabled(false);
}

void SearchPalette::begin(Scope scope)
{
    footer_->setLinking(!linkTo_.isNull());
    scopes_->setCurrent(static_cast<int>(scope));
    if (input_->text().isEmpty())
        ask();
    else
        input_->clear();
    openOverlay();
}

void SearchPalette::ask()
{
    QString text = input_->text().trimmed();
    const quint64 generation = ++generation_;
    if (text.isEmpty())
        text = holder_;
    if (text.startsWith(u'>') && linkTo_.isNull()) {
        scopes_->setCurrent(static_cast<int>(Scope::commands));
        take(views::SearchPage(), text.mid(1).trimmed());
        return;
    }
    if (text.isEmpty()) {
        take(views::SearchPage(), text);
        return;
    }
    views::SearchQuery query;
    query.text = text;
    query.limit = pageLimit;
    views::whenDone(desk_.reader.search(query), this, [this, generation, text](const Result<views::SearchPage>& page) {
        if (generation == generation_)
            take(page, text);
    });
}

void SearchPalette::take(const Result<views::SearchPage>& page, const QString& text)
{
    results_->setHits(page ? page->hits : QList<views::SearchHit>(), text, page && page->next.has_value());
    list_->setCurrentIndex(results_->next({}, 1));
    list_->scrollToTop();
    showCounts();
    const bool nothing = results_->rowCount() == 0;
    const bool typed = !input_->text().trimmed().isEmpty();
    if (!page)
        words_->setText(page.error().text);
    else if (!linkTo_.isNull() && !typed)
        words_->setText(tr("Type a policy number or the name of its holder."));
    else if (!typed)
        words_->setText(tr("Type a name, a number, or words from a message."));
    else
        words_->setText(tr("Nothing on this computer matches. Try fewer or other words."));
    words_->setVisible(!page || nothing);
    showTold(page ? static_cast<int>(page->hits.size()) : 0, page && page->next);
}

void SearchPalette::showTold(int hits, bool more)
{
    if (hits == 0 || !linkTo_.isNull())
        return told_->setText(QString());
    told_->setText(more        ? tr("the newest %1, from this computer only").arg(hits)
                   : hits == 1 ? tr("1 result, from this computer only")
                               : tr("%1 results, from this computer only").arg(hits));
}

void SearchPalette::showCounts()
{
    const QStringList names{tr("All"), tr("Messages"), tr("People"), tr("Policies"), tr("Commands")};
    for (int i = 0; i < names.size(); ++i) {
        const QString count = results_->countWords(static_cast<Scope>(i));
        scopes_->setWords(i, count.isEmpty() ? names[i] : QStringLiteral("%1 %2").arg(names[i], count));
    }
}

void SearchPalette::step(int by)
{
    list_->setCurrentIndex(results_->next(list_->currentIndex(), by));
    list_->scrollTo(list_->currentIndex());
    tellCurrentRow(*list_);
}

void SearchPalette::activate()
{
    const ResultRow* row = results_->row(list_->currentIndex());
    if (!row || row->what == ResultRow::What::label)
        return;
    const ResultRow taken = *row; // the list may change below
    if (taken.what == ResultRow::What::command) {
        closeOverlay();
        results_->run(taken.command);
        return;
    }
    if (!linkTo_.isNull()) {
        link(taken.hit);
        return;
    }
    if (taken.hit.thread.isNull()) {
        words_->setText(tr("No conversation belongs to this yet."));
        words_->show();
        return;
    }
    closeOverlay();
    if (taken.hit.what == views::SearchHit::What::message)
        Q_EMIT messageRequested(taken.hit.thread, taken.hit.key, taken.hit.message);
    else
        Q_EMIT threadRequested(taken.hit.thread);
}

void SearchPalette::link(const views::SearchHit& hit)
{
    if (hit.what != views::SearchHit::What::policy || hit.policy.isNull())
        return;
    views::whenDone(desk_.acts.linkPolicy(linkTo_, hit.policy, true), this, [this](const Result<EntryId>& result) {
        if (result) {
            closeOverlay();
            return;
        }
        words_->setText(result.error().text);
        words_->show();
    });
}

bool SearchPalette::paletteKey(QKeyEvent* event)
{
    if (event->modifiers() & Qt::AltModifier && event->key() >= Qt::Key_1 && event->key() <= Qt::Key_5) {
        if (scopes_->isEnabled())
            scopes_->setCurrent(event->key() - Qt::Key_1);
        return true;
    }
    switch (event->key()) {
    case Qt::Key_Down:
        step(1);
        return true;
    case Qt::Key_Up:
        step(-1);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        activate();
        return true;
    default:
        return false;
    }
}

bool SearchPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == input_ && event->type() == QEvent::KeyPress && paletteKey(static_cast<QKeyEvent*>(event)))
        return true;
    return Overlay::eventFilter(watched, event);
}

} // namespace holdfast::ui
