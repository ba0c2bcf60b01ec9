#include "phone/window/simulator_window.h"

#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QDateTime>
#include <QFileDialog>
#include <QGridLayout>
#include <QLocale>
#include <QPainter>
#include <QScreen>

namespace holdfast::phone {
namespace {

using ui::Colour;
using ui::Role;

constexpr int windowWidth = 376;
constexpr int windowHeight = 868;
constexpr int leastHeight = 560;
constexpr int margin = 12;
constexpr qint64 hourUs = 3600LL * 1'000'000;
constexpr int tickMs = 1000;

// The order of the segments.
constexpr Reach reaches[] = {Reach::online, Reach::noSignal, Reach::blocked};

QString clockWords(Timestamp now, const char* format)
{
    return QLocale(QLocale::English, QLocale::SouthAfrica)
        .toString(QDateTime::fromMSecsSinceEpoch(now.value / 1000), QString::fromLatin1(format));
}

// The permanent strip that says what this window is.
class DemoStrip : public QWidget
{
public:
    DemoStrip(const ui::Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
    {
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setAccessibleName(words());
        QObject::connect(&theme, &ui::Theme::changed, this, [this] {
            updateGeometry();
            update();
        });
    }
    [[nodiscard]] QSize sizeHint() const override { return {windowWidth, theme_.grown(32)}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), theme_.colour(Colour::warnTint));
        const int icon = theme_.grown(14);
        theme_.icons().paint(painter, QPointF(margin, (height() - icon) / 2.0), ui::Icon::alert, icon,
                             theme_.colour(Colour::warn));
        const QRect line(margin + icon + 8, 0, width() - 2 * margin - icon - 8, height());
        ui::paintLine(painter, line, words(), Role::name, Colour::warn, theme_);
    }

private:
    static QString words() { return SimulatorWindow::tr("Demo. Nothing leaves this computer."); }

    const ui::Theme& theme_;
};

} // namespace

SimulatorWindow::SimulatorWindow(const ui::Theme& theme, Handset& handset, QWidget* parent)
    : QWidget(parent), theme_(theme), handset_(handset), samples_(static_cast<quint64>(handset.now().value)),
      strip_(makeStrip()), chooser_(new CustomerChooser(theme, handset, this)),
      screen_(new PhoneScreen(theme, handset, this))
{
    setWindowTitle(tr("Customer simulator"));
    setMinimumSize(windowWidth, leastHeight);
    constexpr int frame = 64; // title bar and a task bar's shadow
    resize(windowWidth, std::clamp(screen()->availableGeometry().height() - frame, leastHeight, windowHeight));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(strip_);
    auto* who = new QHBoxLayout;
    who->setContentsMargins(margin, 8, margin, 8);
    who->setSpacing(margin);
    auto* label = new ui::TextLabel(theme, Role::base, Colour::text2, this);
    label->setText(tr("Writing as"));
    who->addWidget(label);
    who->addWidget(chooser_, 1);
    column->addLayout(who);
    auto* phone = new QVBoxLayout;
    phone->setContentsMargins(margin, 0, margin, 10);
    phone->addWidget(screen_);
    column->addLayout(phone, 1);
    column->addWidget(makeControls());
    wire();
    refresh();
    screen_->writing().field().setFocus();
}

QWidget* SimulatorWindow::makeStrip()
{
    return new DemoStrip(theme_, this);
}

QWidget* SimulatorWindow::makeControls()
{
    using ui::PushButton;
    auto* box = new QWidget(this);
    photos_ = new PushButton(theme_, PushButton::Kind::outlined, tr("Photos"), box);
    photos_->setLeadingIcon(ui::Icon::image);
    photos_->setAccessibleName(tr("Send two sample photos"));
    pdf_ = new PushButton(theme_, PushButton::Kind::outlined, tr("PDF"), box);
    pdf_->setLeadingIcon(ui::Icon::document);
    pdf_->setAccessibleName(tr("Send a sample PDF"));
    reach_ = new ui::SegmentedControl(theme_, tr("Phone"), box);
    reach_->addSegment(tr("Online"));
    reach_->addSegment(tr("No signal"));
    reach_->addSegment(tr("Blocked"));
    reach_->setToolTip(tr("No signal: messages wait, both ways. Blocked: messages of the business are not delivered."));
    hour_ = new PushButton(theme_, PushButton::Kind::outlined, tr("Skip 1 h"), box);
    day_ = new PushButton(theme_, PushButton::Kind::outlined, tr("Skip 24 h"), box);
    const QString why = tr("Moves the phone's clock. 24 hours after a customer's last message, free text is refused.");
    for (PushButton* const skip : {hour_, day_})
        skip->setToolTip(why);
    clock_ = new ui::TextLabel(theme_, Role::secondary, Colour::text2, box);
    clock_->setElided(true);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(margin, 11, margin, 12);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    addRow(*grid, tr("Send a sample"), {photos_, pdf_});
    addRow(*grid, tr("Phone"), {reach_});
    addRow(*grid, tr("Clock"), {hour_, day_, clock_});
    return box;
}

void SimulatorWindow::addRow(QGridLayout& grid, const QString& label, const QList<QWidget*>& parts)
{
    const int row = grid.count() / 2;
    auto* words = new ui::TextLabel(theme_, Role::base, Colour::text2, this);
    words->setText(label);
    auto* line = new QHBoxLayout;
    line->setSpacing(6);
    for (QWidget* part : parts)
        line->addWidget(part, part == clock_ ? 1 : 0);
    if (!parts.contains(clock_))
        line->addStretch(1);
    grid.addWidget(words, row, 0);
    grid.addLayout(line, row, 1);
}

void SimulatorWindow::wire()
{
    WritingBar& writing = screen_->writing();
    connect(&writing, &WritingBar::textSubmitted, this, &SimulatorWindow::sendText);
    connect(&writing, &WritingBar::attachRequested, this, &SimulatorWindow::chooseFile);
    connect(&writing, &WritingBar::photoRequested, this, [this] { sendFiles({samples_.photo()}); });
    connect(photos_, &QAbstractButton::clicked, this, [this] { sendFiles({samples_.photo(), samples_.photo()}); });
    connect(pdf_, &QAbstractButton::clicked, this, [this] { sendFiles({samples_.pdf()}); });
    connect(reach_, &ui::SegmentedControl::currentChanged, this, &SimulatorWindow::setReach);
    connect(hour_, &QAbstractButton::clicked, this, [this] { handset_.skip(hourUs); });
    connect(day_, &QAbstractButton::clicked, this, [this] { handset_.skip(24 * hourUs); });
    connect(chooser_, &CustomerChooser::troubled, screen_, &PhoneScreen::tell);
    connect(&handset_, &Handset::troubled, screen_, &PhoneScreen::tell);
    connect(&handset_, &Handset::changed, this, &SimulatorWindow::refresh);
    connect(&theme_, &ui::Theme::changed, this, qOverload<>(&QWidget::update));
    // The clock moves, and the provider's files go, without anybody telling.
    connect(&tick_, &QTimer::timeout, this, [this] {
        handset_.lookAgain();
        tellTime();
        screen_->refreshTop();
    });
    tick_.start(tickMs);
}

void SimulatorWindow::sendText(const QString& text)
{
    const Status sent = handset_.sendText(text);
    screen_->tell(sent ? QString() : sent.error().text);
    if (sent)
        screen_->writing().clear();
}

void SimulatorWindow::sendFiles(std::vector<PickedFile> files)
{
    for (PickedFile& file : files) {
        const Status sent = handset_.sendFile(std::move(file));
        screen_->tell(sent ? QString() : sent.error().text);
        if (!sent)
            return;
    }
}

void SimulatorWindow::chooseFile()
{
    auto* dialog = new QFileDialog(this, tr("Attach a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        auto chosen = readPicked(path);
        if (chosen)
            sendFiles({std::move(*chosen)});
        else
            screen_->tell(chosen.error().text);
    });
    dialog->open();
}

void SimulatorWindow::tellTime()
{
    clock_->setText(clockWords(handset_.now(), "d MMM HH:mm"));
    clock_->setToolTip(clockWords(handset_.now(), "dddd d MMMM yyyy, HH:mm"));
}

void SimulatorWindow::setReach(int segment)
{
    screen_->tell({});
    if (handset_.reach() != reaches[segment])
        handset_.setReach(reaches[segment]);
}

void SimulatorWindow::refresh()
{
    const Reach reach = handset_.reach();
    for (int i = 0; i < static_cast<int>(std::size(reaches)); ++i) {
        if (reaches[i] == reach)
            reach_->setCurrent(i);
    }
    const bool writable = reach != Reach::blocked;
    screen_->writing().setWritable(writable);
    photos_->setEnabled(writable);
    pdf_->setEnabled(writable);
    tellTime();
}

void SimulatorWindow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::nav));
    const int line = screen_->geometry().bottom() + 10;
    ui::paintHairline(painter, QRect(0, line, width(), 1), Qt::TopEdge, theme_.colour(Colour::line));
}

void SimulatorWindow::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ActivationChange || event->type() == QEvent::WindowStateChange)
        lookAtSight();
}

void SimulatorWindow::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    lookAtSight();
}

void SimulatorWindow::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    handset_.setInSight(false);
}

void SimulatorWindow::lookAtSight()
{
    handset_.setInSight(isVisible() && isActiveWindow() && !isMinimized());
}

} // namespace holdfast::phone
