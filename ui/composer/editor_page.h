// One mode of the composer: a text field that grows, its draft, a counter near the limit, and a way to submit.
#pragma once

#include "ui/composer/writers.h"
#include "ui/theme/theme.h"

#include <QPlainTextEdit>
#include <QPointer>
#include <QTimer>

#include <memory>

class QHBoxLayout;

namespace holdfast::ui {

class MentionList;
class SendKeys;
class PushButton;
class TextLabel;

// Plain text only, 36 to 200 px high, then it scrolls.
class GrowingEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    GrowingEdit(const Theme& theme, const QString& accessibleName, QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {80, sizeHint().height()}; }

Q_SIGNALS:
    void submitKey();
    void leaveKey();
    void focusMoved();

public:
    void setEnterSends(bool enterSends) { enterSends_ = enterSends; }

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void restyle();

    const Theme& theme_;
    bool enterSends_ = false;
};

// GUI thread only. Knows no desk: what a page may write is the subclass's one writer.
class EditorPage : public QWidget
{
    Q_OBJECT
public:
    EditorPage(const Theme& theme, const QString& fieldName, QWidget* parent);
    ~EditorPage() override;

    // Saves the old thread's draft and loads this one's.
    void begin(std::unique_ptr<DraftKeeper> drafts);
    void end();
    void saveDraft(); // now
    void setEnterSends(bool enterSends);
    void setPlaceholder(const QString& text);
    void setStaff(const QList<views::Staff>& staff); // who can be mentioned

    [[nodiscard]] GrowingEdit& field() { return *field_; }
    [[nodiscard]] QWidget& tools() { return *tools_; } // the mode's part of the tool row
    [[nodiscard]] PushButton& button() { return *button_; }
    [[nodiscard]] virtual QString blockedReason() const; // why submitting is not possible now; empty: it is

public Q_SLOTS:
    void submit();

Q_SIGNALS:
    void written(const holdfast::EntryId& id);
    void failed(const QString& words);
    void leave();
    void looksChanged();

protected:
    virtual QFuture<Result<EntryId>> write(const QString& text) = 0;
    [[nodiscard]] virtual bool hasContent() const; // something to submit
    [[nodiscard]] virtual int limit() const { return 4096; }
    virtual void afterWritten() {} // the act is durable: forget what went with it
    virtual void leaving() {}      // another thread is opened, or none: put aside what goes with the text
    void setUpButton(const QString& text, std::optional<Icon> icon);
    void refresh();
    [[nodiscard]] bool isWriting() const { return writing_; }
    [[nodiscard]] QHBoxLayout& toolRow() { return *toolRow_; }
    [[nodiscard]] QList<UserId> mentionsIn(const QString& text) const;
    [[nodiscard]] const Theme& theme() const { return theme_; }

private:
    void textEdited();
    void take(const Result<EntryId>& result, const QString& text);

    const Theme& theme_;
    std::shared_ptr<DraftKeeper> drafts_; // a text that is being written may outlive the open thread
    GrowingEdit* field_ = nullptr;
    QWidget* tools_ = nullptr;
    QHBoxLayout* toolRow_ = nullptr;
    TextLabel* counter_ = nullptr;
    SendKeys* hint_ = nullptr;
    PushButton* button_ = nullptr;
    QTimer saveTimer_;
    QList<views::Staff> staff_;
    QPointer<MentionList> mentions_; // a child of the window; goes with this
    QString saved_;                  // what the draft store holds
    quint64 generation_ = 0;         // of the open thread
    bool writing_ = false;
    QString written_; // while writing: the text
};

} // namespace holdfast::ui
