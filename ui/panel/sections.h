// The contents of the panel's tabs, made anew from plain values whenever these change.
#pragma once

#include "models/base/clock.h"
#include "models/views/values.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <functional>

namespace holdfast::ui {

// One column of sections with hairlines between them.
class SectionColumn : public QWidget
{
    Q_OBJECT
public:
    SectionColumn(const Theme& theme, QWidget* parent);

    void beginSection(const QString& heading = {}, int count = -1);
    void addFact(const QString& label, const QString& value); // 96 px label, wrapping value
    void addPair(const QString& left, const QString& right, std::optional<Icon> icon = std::nullopt,
                 Colour iconColour = Colour::text2);         // value left, meta right
    void addEvent(const QString& what, const QString& when); // wraps beside its time
    void addWords(const QString& words, Role role = Role::base, Colour colour = Colour::text2);
    void addWidget(QWidget* widget);
    void addGap(int px); // between rows of two lines
    void end();          // nothing more follows

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& theme_;
    QWidget* section_ = nullptr;
    QList<QWidget*> sections_;
};

[[nodiscard]] SectionColumn* policySections(const Theme& theme, const QList<domain::PolicyFacts>& policies,
                                            const std::function<void()>& link, QWidget* parent);
[[nodiscard]] SectionColumn* customerSections(const Theme& theme, const views::ThreadHeader& header, QWidget* parent);
[[nodiscard]] SectionColumn* documentSections(const Theme& theme, const QList<views::Message>& messages, bool more,
                                              Timestamp now, const std::function<void(const views::Message&)>& show,
                                              QWidget* parent);
[[nodiscard]] SectionColumn* logSections(const Theme& theme, const QList<views::LogLine>& lines, Timestamp now,
                                         QWidget* parent);

} // namespace holdfast::ui
