#include "ui/panel/sections.h"

#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QPainter>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int labelColumn = 96;
constexpr int sideMargin = 16;
constexpr int iconColumn = 22;
constexpr int maxRows = 200;

// A small mark beside words.
class IconMark : public QWidget
{
public:
    IconMark(const Theme& theme, Icon icon, Colour colour, QWidget* parent)
        : QWidget(parent), theme_(theme), icon_(icon), colour_(colour)
    {
        setFixedSize(theme.grown(16), theme.lineHeight(Role::base));
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        theme_.icons().paintIn(painter, rect(), icon_, theme_.grown(16), theme_.colour(colour_));
    }

private:
    const Theme& theme_;
    Icon icon_;
    Colour colour_;
};

class ChipLabel : public QWidget
{
public:
    ChipLabel(const Theme& theme, const QString& text, Colour fill, Colour ink, QWidget* parent)
        : QWidget(parent), theme_(theme), text_(text), fill_(fill), ink_(ink)
    {
        setFixedSize(chipWidth(text, theme), theme.grown(20));
        setAccessibleName(text);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        paintChip(painter, 0, height() / 2, text_, fill_, ink_, theme_);
    }

private:
    const Theme& theme_;
    QString text_;
    Colour fill_;
    Colour ink_;
};

TextLabel* label(const Theme& theme, Role role, Colour colour, const QString& text, QWidget* parent)
{
    auto* made = new TextLabel(theme, role, colour, parent);
    made->setText(plainLine(text, 400));
    return made;
}

// By the right button or the menu key: a value goes into another program whole.
void offerCopy(TextLabel& label)
{
    auto* copy = new QAction(SectionColumn::tr("Copy"), &label);
    QObject::connect(copy, &QAction::triggered, &label,
                     [&label] { QGuiApplication::clipboard()->setText(label.text()); });
    label.addAction(copy);
    label.setContextMenuPolicy(Qt::ActionsContextMenu);
}

TextLabel* narrowing(TextLabel* label)
{
    label->setElided(true);
    label->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred); // its own width where there is room
    return label;
}

// Right aligned columns of one width line up over all rows.
void addClaims(SectionColumn& column, const Theme& theme, const QList<domain::PolicyFacts::Claim>& claims)
{
    column.beginSection(SectionColumn::tr("Claims"), static_cast<int>(claims.size()));
    for (const domain::PolicyFacts::Claim& claim : claims.mid(0, maxRows)) {
        auto* row = new QWidget(&column);
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 2, 0, 2);
        line->setSpacing(8);
        line->addWidget(narrowing(label(theme, Role::name, Colour::text, claim.number, row)));
        auto* kind = label(theme, Role::base, Colour::text2, claim.kind, row);
        kind->setElided(true);
        line->addWidget(kind, 1);
        line->addWidget(narrowing(label(theme, Role::base, Colour::text, claim.amount, row)));
        if (!claim.status.isEmpty())
            line->addWidget(new ChipLabel(theme, plainLine(claim.status, 24), Colour::hover, Colour::text2, row));
        column.addWidget(row);
    }
}

void addPolicyHead(SectionColumn& column, const Theme& theme, const domain::PolicyFacts& policy)
{
    column.beginSection();
    auto* head = new QWidget(&column);
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(0, 0, 0, 0);
    auto* product = label(theme, Role::title, Colour::text, policy.product, head);
    product->setElided(true);
    line->addWidget(product, 1);
    if (!policy.status.isEmpty()) {
        const bool active = policy.status.compare(QLatin1StringView("active"), Qt::CaseInsensitive) == 0;
        line->addWidget(new ChipLabel(theme, plainLine(policy.status, 24), active ? Colour::okTint : Colour::hover,
                                      active ? Colour::ok : Colour::text2, head));
    }
    column.addWidget(head);
    auto* number = new TextLabel(theme, Role::base, Colour::text2, &column);
    number->setText(plainLine(policy.number, 60));
    number->setElided(true);
    offerCopy(*number);
    column.addWidget(number);
    if (policy.asOf.value > 0)
        column.addWords(SectionColumn::tr("As of %1").arg(dateAndTime(policy.asOf)), Role::secondary, Colour::text3);
}

} // namespace

SectionColumn::SectionColumn(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
}

void SectionColumn::beginSection(const QString& heading, int count)
{
    section_ = new QWidget(this);
    sections_.append(section_);
    auto* rows = new QVBoxLayout(section_);
    rows->setContentsMargins(sideMargin, 10, sideMargin, 11);
    rows->setSpacing(3);
    layout()->addWidget(section_);
    if (heading.isEmpty())
        return;
    auto* line = new QHBoxLayout;
    line->setSpacing(6);
    line->addWidget(label(theme_, Role::secondaryStrong, Colour::text, heading, section_));
    if (count >= 0)
        line->addWidget(label(theme_, Role::secondary, Colour::text3, QString::number(count), section_));
    line->addStretch();
    line->setContentsMargins(0, 0, 0, 2);
    rows->addLayout(line);
}

void SectionColumn::addFact(const QString& name, const QString& value)
{
    auto* row = new QWidget(section_);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto* left = label(theme_, Role::base, Colour::text3, name, row);
    left->setWordWrap(true);
    left->setFixedWidth(theme_.grown(labelColumn));
    auto* right = label(theme_, Role::base, Colour::text, value, row);
    right->setWordWrap(true);
    offerCopy(*right);
    line->addWidget(left, 0, Qt::AlignTop);
    line->addWidget(right, 1, Qt::AlignTop);
    section_->layout()->addWidget(row);
}

void SectionColumn::addPair(const QString& left, const QString& right, std::optional<Icon> icon, Colour iconColour)
{
    auto* row = new QWidget(section_);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 1, 0, 1);
    line->setSpacing(iconColumn - 16);
    if (icon)
        line->addWidget(new IconMark(theme_, *icon, iconColour, row));
    auto* first = label(theme_, Role::base, Colour::text, left, row);
    first->setElided(true);
    line->addWidget(first, 1);
    line->addWidget(narrowing(label(theme_, Role::secondary, Colour::text2, right, row)));
    section_->layout()->addWidget(row);
}

void SectionColumn::addEvent(const QString& what, const QString& when)
{
    auto* row = new QWidget(section_);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 1, 0, 1);
    line->setSpacing(8);
    auto* words = label(theme_, Role::base, Colour::text, what, row);
    words->setWordWrap(true);
    line->addWidget(words, 1);
    line->addWidget(label(theme_, Role::secondary, Colour::text2, when, row), 0, Qt::AlignTop);
    section_->layout()->addWidget(row);
}

void SectionColumn::addWords(const QString& words, Role role, Colour colour)
{
    auto* text = label(theme_, role, colour, words, section_);
    text->setWordWrap(true);
    section_->layout()->addWidget(text);
}

void SectionColumn::addWidget(QWidget* widget)
{
    widget->setParent(section_);
    section_->layout()->addWidget(widget);
}

void SectionColumn::addGap(int px)
{
    static_cast<QVBoxLayout*>(section_->layout())->addSpacing(px);
}

void SectionColumn::end()
{
    static_cast<QVBoxLayout*>(layout())->addStretch(1);
}

void SectionColumn::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    for (const QWidget* section : std::as_const(sections_))
        paintHairline(painter, section->geometry(), Qt::BottomEdge, theme_.colour(Colour::line));
}

SectionColumn* policySections(const Theme& theme, const QList<domain::PolicyFacts>& policies,
                              const std::function<void()>& link, QWidget* parent)
{
    auto* column = new SectionColumn(theme, parent);
    for (const domain::PolicyFacts& policy : policies.mid(0, 20)) {
        addPolicyHead(*column, theme, policy);
        column->beginSection();
        if (!policy.holderName.isEmpty())
            column->addFact(SectionColumn::tr("Holder"), policy.holderName);
        for (const domain::Fact& fact : policy.facts.mid(0, maxRows))
            column->addFact(fact.label, fact.value);
        if (!policy.cover.isEmpty()) {
            column->beginSection(SectionColumn::tr("Cover"));
            for (const domain::Fact& fact : policy.cover.mid(0, maxRows))
                column->addFact(fact.label, fact.value);
        }
        if (!policy.dependants.isEmpty()) {
            column->beginSection(SectionColumn::tr("Dependants"), static_cast<int>(policy.dependants.size()));
            for (const auto& member : policy.dependants.mid(0, maxRows))
                column->addPair(member.name, member.relation);
        }
        if (!policy.claims.isEmpty())
            addClaims(*column, theme, policy.claims);
        if (policy.consents.isEmpty())
            continue;
        column->beginSection(SectionColumn::tr("Consents"));
        for (const auto& consent : policy.consents.mid(0, maxRows))
            column->addPair(consent.what, consent.since, consent.given ? Icon::check : Icon::cross,
                            consent.given ? Colour::ok : Colour::bad);
    }
    if (policies.isEmpty()) {
        column->beginSection();
        column->addWords(SectionColumn::tr("No policy is linked to this thread."));
    }
    auto* button = new PushButton(
        theme, PushButton::Kind::outlined,
        policies.isEmpty() ? SectionColumn::tr("Link a policy") : SectionColumn::tr("Link another policy"), column);
    button->setLeadingIcon(Icon::link);
    QObject::connect(button, &PushButton::clicked, column, link);
    if (!policies.isEmpty())
        column->beginSection();
    auto* row = new QWidget(column);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 4, 0, 0);
    line->addWidget(button);
    line->addStretch();
    column->addWidget(row);
    column->end();
    return column;
}

SectionColumn* customerSections(const Theme& theme, const views::ThreadHeader& header, QWidget* parent)
{
    auto* column = new SectionColumn(theme, parent);
    const domain::PersonFacts& person = header.person;
    column->beginSection();
    column->addWords(person.name.isEmpty() ? header.row.title : person.name, Role::title, Colour::text);
    if (person.asOf.value > 0)
        column->addWords(SectionColumn::tr("As of %1").arg(dateAndTime(person.asOf)), Role::secondary, Colour::text3);
    column->beginSection();
    const auto fact = [column](const QString& name, const QString& value) {
        if (!value.isEmpty())
            column->addFact(name, value);
    };
    QStringList phones(person.phones.mid(0, 20));
    if (phones.isEmpty() && !header.phone.isEmpty())
        phones.append(header.phone);
    for (const QString& phone : std::as_const(phones))
        fact(SectionColumn::tr("Phone"), phone);
    fact(SectionColumn::tr("Email"), person.email);
    fact(SectionColumn::tr("Language"), person.language);
    fact(SectionColumn::tr("ID number"), person.idNumber);
    if (!header.policies.isEmpty()) {
        column->beginSection(SectionColumn::tr("Policies"), static_cast<int>(header.policies.size()));
        for (const domain::PolicyFacts& policy : header.policies.mid(0, 20))
            column->addPair(policy.number, policy.product, Icon::policy);
    }
    column->end();
    return column;
}

SectionColumn* documentSections(const Theme& theme, const QList<views::Message>& messages, bool more, Timestamp now,
                                const std::function<void(const views::Message&)>& show, QWidget* parent)
{
    auto* column = new SectionColumn(theme, parent);
    int files = 0;
    column->beginSection();
    for (auto message = messages.crbegin(); message != messages.crend() && files < maxRows; ++message) {
        for (const views::AttachmentView& file : message->attachments.mid(0, 30)) {
            const bool picture = file.attachment.mime.startsWith(QLatin1StringView("image/"));
            const QString name = file.attachment.name.isEmpty()
                                     ? (picture ? SectionColumn::tr("Photo") : SectionColumn::tr("File"))
                                     : plainLine(file.attachment.name, 120);
            column->addPair(name, rowTime(message->at, now), picture ? Icon::image : Icon::document);
            const bool good = file.state == views::AttachmentView::State::good;
            if (!good)
                column->addWords(file.detail.isEmpty() ? SectionColumn::tr("Not here yet") : file.detail,
                                 Role::secondary, Colour::warn);
            ++files;
        }
        if (message->attachments.isEmpty())
            continue;
        auto* open =
            new PushButton(theme, PushButton::Kind::link, SectionColumn::tr("Show in the conversation"), column);
        open->setAccessibleName(
            SectionColumn::tr("Show the files of %1 in the conversation").arg(dateAndTime(message->at)));
        QObject::connect(open, &PushButton::clicked, column, [show, shown = *message] { show(shown); });
        auto* row = new QWidget(column);
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(18, 0, 0, 6);
        line->addWidget(open);
        line->addStretch();
        column->addWidget(row);
    }
    if (files == 0)
        column->addWords(SectionColumn::tr("No photos or documents in this thread."));
    else if (more)
        column->addWords(
            SectionColumn::tr("Of the newest %1 messages. Older files are in the conversation.").arg(messages.size()),
            Role::secondary, Colour::text3);
    column->end();
    return column;
}

SectionColumn* logSections(const Theme& theme, const QList<views::LogLine>& lines, Timestamp now, QWidget* parent)
{
    auto* column = new SectionColumn(theme, parent);
    column->beginSection();
    if (lines.isEmpty())
        column->addWords(SectionColumn::tr("Nothing is recorded in this thread yet."));
    for (const views::LogLine& line : lines.mid(0, maxRows)) {
        const QString day = rowTime(line.at, now);
        const QString time = clockTime(line.at);
        column->addEvent(line.what, day == time ? time : QStringLiteral("%1 %2").arg(day, time));
        const QString who = plainLine(line.who, 100);
        const QString place = SectionColumn::tr("entry %1").arg(grouped(line.pos));
        column->addWords(who.isEmpty() ? place : SectionColumn::tr("%1, %2").arg(who, place), Role::secondary,
                         Colour::text3);
        column->addGap(6);
    }
    column->end();
    return column;
}

} // namespace holdfast::ui
