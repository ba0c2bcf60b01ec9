#include "ui/shell/key_list.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QGridLayout>
#include <QPainter>

namespace holdfast::ui {
namespace {

struct KeyLine
{
    const char* keys; // caps separated by blanks
    const char* words;
};
struct KeyArea
{
    const char* name;
    std::initializer_list<KeyLine> lines;
};

const std::initializer_list<KeyArea> areas{
    {QT_TRANSLATE_NOOP("KeyList", "Everywhere"),
     {{"Ctrl K", QT_TRANSLATE_NOOP("KeyList", "Search and commands")},
      {"Ctrl /", QT_TRANSLATE_NOOP("KeyList", "All keys")},
      {"F6", QT_TRANSLATE_NOOP("KeyList", "Next pane, with Shift the one before")},
      {"F9", QT_TRANSLATE_NOOP("KeyList", "Panel beside the conversation")},
      {"Alt \u2191", QT_TRANSLATE_NOOP("KeyList", "Conversation above")},
      {"Alt \u2193", QT_TRANSLATE_NOOP("KeyList", "Conversation below")},
      {"Ctrl Shift L", QT_TRANSLATE_NOOP("KeyList", "Lock Holdfast")}}},
    {QT_TRANSLATE_NOOP("KeyList", "List"),
     {{"J", QT_TRANSLATE_NOOP("KeyList", "Down")},
      {"K", QT_TRANSLATE_NOOP("KeyList", "Up")},
      {"Enter", QT_TRANSLATE_NOOP("KeyList", "Open and read")},
      {"A", QT_TRANSLATE_NOOP("KeyList", "Assign")},
      {"E", QT_TRANSLATE_NOOP("KeyList", "Done")}}},
    {QT_TRANSLATE_NOOP("KeyList", "Thread"),
     {{"R", QT_TRANSLATE_NOOP("KeyList", "Reply")},
      {"N", QT_TRANSLATE_NOOP("KeyList", "Internal note")},
      {"Ctrl Enter", QT_TRANSLATE_NOOP("KeyList", "Send")},
      {"Ctrl R", QT_TRANSLATE_NOOP("KeyList", "Retry what was not sent")},
      {"Ctrl 1", QT_TRANSLATE_NOOP("KeyList", "Policy; 2 customer, 3 documents, 4 log")},
      {"Esc", QT_TRANSLATE_NOOP("KeyList", "Leave the composer, or close")}}},
};

class KeyLineView : public QWidget
{
public:
    KeyLineView(const Theme& theme, const QString& keys, const QString& words, QWidget* parent)
        : QWidget(parent), theme_(theme), keys_(keys.split(u' ')), words_(words)
    {
        setFixedHeight(theme.grown(28));
        setAccessibleName(keys + QStringLiteral(": ") + words);
        connect(&theme, &Theme::changed, this, [this] { setFixedHeight(theme_.grown(28)); });
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        int x = 0;
        for (const QString& key : keys_)
            x += paintKeyCap(painter, x, height() / 2, key, theme_) + 4;
        const int left = std::max(x + 6, theme_.grown(100));
        paintLine(painter, QRect(left, 0, width() - left, height()), words_, Role::base, Colour::text, theme_);
    }

private:
    const Theme& theme_;
    QStringList keys_;
    QString words_;
};

} // namespace

KeyList::KeyList(const Theme& theme, QWidget* window) : Overlay(theme, tr("All keys"), window)
{
    auto* grid = new QGridLayout(&card());
    grid->setContentsMargins(20, 14, 14, 20);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(0);
    auto* title = new TextLabel(theme, Role::title, Colour::text, &card());
    title->setText(tr("All keys"));
    close_ = new IconButton(theme, Icon::close, tr("Close (Esc)"), &card());
    connect(close_, &IconButton::clicked, this, &KeyList::closeOverlay);
    grid->addWidget(title, 0, 0);
    grid->addWidget(close_, 0, 1, Qt::AlignRight);
    auto* left = new QVBoxLayout;
    auto* right = new QVBoxLayout;
    int number = 0;
    for (const KeyArea& area : areas) {
        QVBoxLayout* column = number++ == 0 ? left : right;
        auto* name = new TextLabel(theme, Role::secondaryStrong, Colour::text2, &card());
        name->setText(tr(area.name));
        name->setContentsMargins(0, 10, 0, 4);
        column->addWidget(name);
        for (const KeyLine& line : area.lines)
            column->addWidget(new KeyLineView(theme, QString::fromUtf8(line.keys), tr(line.words), &card()));
    }
    left->addStretch();
    right->addStretch();
    grid->addLayout(left, 1, 0);
    grid->addLayout(right, 1, 1);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    setCardGeometry(760, card().sizeHint().height(), 72);
}

QWidget* KeyList::firstFocus()
{
    return close_;
}

} // namespace holdfast::ui
