#include "ui/conversation/file_sheet.h"

#include "models/domain/file_name.h"
#include "models/views/when_done.h"
#include "ui/conversation/file_facts.h"
#include "ui/conversation/message_words.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"

#include <QAccessible>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace holdfast::ui {

namespace {

constexpr int cardWidth = 480;
constexpr int cardTop = 120;
constexpr int inset = 20;

} // namespace

FileSheet::FileSheet(const Theme& theme, views::Desk& desk, QWidget* window)
    : Overlay(theme, tr("File"), window), desk_(desk)
{
    build();
    connect(retry_, &QAbstractButton::clicked, this, &FileSheet::fetch);
    connect(save_, &QAbstractButton::clicked, this, [this] { choosePlace(false); });
    connect(open_, &QAbstractButton::clicked, this, [this] { choosePlace(true); });
    connect(close_, &QAbstractButton::clicked, this, &Overlay::closeOverlay);
    connect(this, &Overlay::closed, this, [this] { ++generation_; });
    connect(&desk.news, &views::DeskNews::attachmentMoved, this,
            [this](const BlobId& id, const views::Transfer& transfer) {
                if (isVisible() && state_ == State::fetching && id == file().attachment.id)
                    facts_->setTransfer(transfer);
            });
    connect(&desk.news, &views::DeskNews::attachmentChanged, this, [this](const BlobId& id) {
        if (!isVisible() || state_ == State::ready || id != file().attachment.id)
            return;
        views::whenDone(desk_.reader.message(message_.id), this,
                        [this, mine = generation_](const Result<views::Message>& message) {
                            if (mine == generation_ && message)
                                take(*message);
                        });
    });
    connect(&theme, &Theme::changed, this, &FileSheet::fit);
}

void FileSheet::build()
{
    auto* column = new QVBoxLayout(&card());
    column->setContentsMargins(inset, inset, inset, 16);
    column->setSpacing(12);
    facts_ = new FileFacts(theme(), &card());
    column->addWidget(facts_);
    const auto addWords = [&](Colour colour) {
        auto* label = new TextLabel(theme(), Role::base, colour, &card());
        label->setWordWrap(true);
        column->addWidget(label);
        return label;
    };
    words_ = addWords(Colour::text);
    warning_ = addWords(Colour::warn);
    warning_->setText(
        tr("A copy is a plain file. It leaves the encrypted store: Holdfast can neither protect nor erase "
           "it there. That you saved it is recorded in the log."));
    outcome_ = addWords(Colour::ok);
    column->addStretch(1);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    save_ = new PushButton(theme(), PushButton::Kind::primary, tr("Save a copy..."), &card());
    save_->setLeadingIcon(Icon::download);
    open_ = new PushButton(theme(), PushButton::Kind::outlined, tr("Save and open..."), &card());
    open_->setToolTip(tr("Save a copy, then open it in the program that this computer has for it"));
    retry_ = new PushButton(theme(), PushButton::Kind::primary, tr("Try again"), &card());
    retry_->setLeadingIcon(Icon::retry);
    close_ = new PushButton(theme(), PushButton::Kind::outlined, tr("Close"), &card());
    close_->setKeyHint(QStringLiteral("Esc"));
    row->addWidget(save_);
    row->addWidget(open_);
    row->addWidget(retry_);
    row->addStretch(1);
    row->addWidget(close_);
    column->addLayout(row);
}

void FileSheet::openFor(const ThreadId& thread, const views::Message& message, int attachment)
{
    if (attachment < 0 || attachment >= message.attachments.size())
        return;
    ++generation_;
    thread_ = thread;
    index_ = attachment;
    say(QString(), false);
    take(message);
    openOverlay();
    fit();
}

void FileSheet::take(const views::Message& message)
{
    if (index_ >= message.attachments.size())
        return;
    message_ = message;
    const QString author = plainLine(message.authorName, 80);
    facts_->show(file(), tr("From %1, %2").arg(author, dateAndTime(message.at)));
    switch (file().state) {
    case views::AttachmentView::State::expected:
        return show(State::awaited);
    case views::AttachmentView::State::mismatch:
        return show(State::aside);
    case views::AttachmentView::State::failed:
        return show(State::failedAtCentral);
    case views::AttachmentView::State::good:
        break;
    }
    fetch();
}

void FileSheet::fetch()
{
    show(State::fetching);
    views::whenDone(desk_.reader.attachment(file().attachment.id), this,
                    [this, mine = generation_](const Result<QByteArray>& bytes) {
                        if (mine == generation_)
                            fetched(bytes);
                    });
}

void FileSheet::fetched(const Result<QByteArray>& bytes)
{
    if (!bytes) {
        facts_->setTransfer(views::Transfer{0, -1, bytes.error().text});
        show(State::notFetched);
        words_->setText(tr("It could not be fetched. %1").arg(bytes.error().text));
        return fit();
    }
    check_ = domain::checkType(file().attachment.mime, *bytes);
    if (!file().isHere) {
        message_.attachments[index_].isHere = true;
        facts_->show(file(), tr("From %1, %2").arg(plainLine(message_.authorName, 80), dateAndTime(message_.at)));
        Q_EMIT arrived(file().attachment.id);
    }
    show(State::ready);
}

void FileSheet::show(State state)
{
    state_ = state;
    const bool ready = state == State::ready;
    const bool focusInside = card().isAncestorOf(window()->focusWidget());
    save_->setVisible(ready);
    open_->setVisible(ready && check_ == domain::TypeCheck::fits);
    retry_->setVisible(state == State::notFetched);
    warning_->setVisible(ready);
    const bool trouble = state == State::notFetched || state == State::failedAtCentral;
    words_->setLook(Role::base, trouble ? Colour::bad : state == State::aside ? Colour::warn : Colour::text);
    const QString detail = plainLine(file().detail, 300);
    switch (state) {
    case State::awaited:
        words_->setText(tr("Central is fetching it from WhatsApp. It can be opened as soon as it is there."));
        break;
    case State::aside:
        words_->setText(
            tr("This is not the file that WhatsApp announced: its bytes have another hash. It is kept aside "
               "at central as evidence and cannot be opened or saved from here. Ask the customer to send "
               "it again."));
        break;
    case State::failedAtCentral:
        words_->setText(tr("Central could not fetch it from WhatsApp. %1 If it stays away, ask the customer to send it "
                           "again.")
                            .arg(detail));
        break;
    case State::fetching:
        words_->setText(tr("Fetching it from central."));
        break;
    case State::notFetched:
        break; // said with the reason
    case State::ready:
        showReady();
        break;
    }
    // A button that was hidden may not keep the keyboard.
    if (isVisible() && (!focusInside || !window()->focusWidget() || !window()->focusWidget()->isVisible()))
        firstFocus()->setFocus(Qt::OtherFocusReason);
    fit();
}

void FileSheet::showReady()
{
    switch (check_) {
    case domain::TypeCheck::fits:
        words_->setText(tr("It is here, in the encrypted store, and it is the file that the log names."));
        return;
    case domain::TypeCheck::differs:
        words_->setLook(Role::base, Colour::bad);
        words_->setText(tr("Its content is not what it says it is. It may be harmful: do not open it unless you know "
                           "why. A copy gets the ending .bin, so that nothing opens it by itself."));
        return;
    case domain::TypeCheck::untold:
        words_->setText(tr("It is here, in the encrypted store. Of this type Holdfast cannot tell whether the content "
                           "is what the name says."));
        return;
    }
}

QWidget* FileSheet::firstFocus()
{
    if (state_ == State::ready)
        return save_;
    return state_ == State::notFetched ? retry_ : close_;
}

void FileSheet::choosePlace(bool openAfter)
{
    const QString name = domain::safeFileName(file().attachment.name, file().attachment.mime, check_);
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    auto* dialog = new QFileDialog(this, tr("Save a copy outside the encrypted store"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setDirectory(folder);
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, [this, openAfter, mine = generation_](const QString& path) {
        if (mine == generation_)
            save(path, openAfter);
    });
    dialog->open();
}

void FileSheet::save(const QString& path, bool openAfter)
{
    save_->setEnabled(false);
    open_->setEnabled(false);
    say(tr("Saving"), false);
    const views::CopyOrder order{thread_, message_.id, file().attachment.id, QFileInfo(path).absoluteFilePath()};
    views::whenDone(desk_.acts.saveCopy(order), this,
                    [this, mine = generation_, path = order.path, openAfter](const Result<void>& saved) {
                        save_->setEnabled(true);
                        open_->setEnabled(true);
                        if (mine != generation_)
                            return;
                        if (saved)
                            say(tr("Saved as %1. It is recorded.").arg(plainLine(QFileInfo(path).fileName(), 120)),
                                false);
                        else
                            say(tr("Not saved. %1").arg(saved.error().text), true);
                        if (saved && openAfter)
                            Q_EMIT openWanted(path);
                    });
}

void FileSheet::say(const QString& words, bool isFailure)
{
    outcome_->setLook(Role::base, isFailure ? Colour::bad : Colour::ok);
    outcome_->setText(words);
    outcome_->setVisible(!words.isEmpty());
    fit();
    if (words.isEmpty())
        return;
    QAccessibleEvent event(outcome_, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

// As high as its words need at this width and text size.
void FileSheet::fit()
{
    const int width = std::min(theme().grown(cardWidth), parentWidget()->width() - 32);
    card().layout()->activate();
    setCardGeometry(width, card().layout()->heightForWidth(width), cardTop);
}

} // namespace holdfast::ui
