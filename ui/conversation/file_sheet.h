// One file of a message: what it is, where it is, and a copy of it outside the encrypted store, after a warning.
#pragma once

#include "models/domain/file_type.h"
#include "models/views/desk.h"
#include "ui/shell/overlay.h"

namespace holdfast::ui {

class FileFacts;
class PushButton;
class TextLabel;

// GUI thread only. Fetches the bytes if they are not here, looks at their type, and lets go of them.
class FileSheet : public Overlay
{
    Q_OBJECT
public:
    FileSheet(const Theme& theme, views::Desk& desk, QWidget* window);

    void openFor(const ThreadId& thread, const views::Message& message, int attachment);

Q_SIGNALS:
    void openWanted(const QString& path); // the saved copy, in the person's own program
    void arrived(const holdfast::BlobId& id);

protected:
    QWidget* firstFocus() override;

private:
    enum class State { awaited, aside, failedAtCentral, fetching, notFetched, ready };

    void build();
    void take(const views::Message& message);
    void fetch();
    void fetched(const Result<QByteArray>& bytes);
    void show(State state);
    void showReady();
    void choosePlace(bool openAfter);
    void save(const QString& path, bool openAfter);
    void say(const QString& words, bool isFailure);
    void fit();
    [[nodiscard]] const views::AttachmentView& file() const { return message_.attachments.at(index_); }

    views::Desk& desk_;
    FileFacts* facts_ = nullptr;
    TextLabel* words_ = nullptr;   // of the state
    TextLabel* warning_ = nullptr; // what a copy means
    TextLabel* outcome_ = nullptr; // of the last try to save
    PushButton* retry_ = nullptr;
    PushButton* save_ = nullptr;
    PushButton* open_ = nullptr;
    PushButton* close_ = nullptr;
    ThreadId thread_;
    views::Message message_;
    int index_ = 0;
    State state_ = State::awaited;
    domain::TypeCheck check_ = domain::TypeCheck::untold;
    quint64 generation_ = 0; // of what is shown; answers of an older one are dropped
};

} // namespace holdfast::ui
