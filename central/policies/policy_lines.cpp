#include "central/policies/policy_lines.h"

#include "models/base/json_depth.h"
#include "models/domain/identifier.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace holdfast::policies {
namespace {

constexpr qsizetype maxItems = 200;
constexpr qsizetype maxText = 500;
constexpr int maxDepth = 8;

// Reads fields and remembers the first that is wrong.
class Fields
{
public:
    explicit Fields(QJsonObject object) : object_(std::move(object)) {}

    QString text(const QString& name, bool required)
    {
        const QJsonValue value = object_.value(name);
        if (value.isUndefined() && !required)
            return {};
        if (!value.isString() || value.toString().size() > maxText || (required && value.toString().isEmpty()))
            return wrong(name), QString();
        return value.toString();
    }

    Timestamp time(const QString& name)
    {
        const QJsonValue value = object_.value(name);
        const double number = value.toDouble(-1);
        if (!value.isDouble() || number < 0 || number > 9e15 || std::floor(number) != number)
            return wrong(name), Timestamp();
        return Timestamp{static_cast<qint64>(number)};
    }

    bool flag(const QString& name)
    {
        const QJsonValue value = object_.value(name);
        if (!value.isBool())
            wrong(name);
        return value.toBool();
    }

    QList<Fields> objects(const QString& name)
    {
        QList<Fields> out;
        for (const QJsonValue& value : items(name)) {
            if (!value.isObject())
                wrong(name);
            out.append(Fields(value.toObject()));
        }
        return out;
    }

    QStringList texts(const QString& name)
    {
        QStringList out;
        for (const QJsonValue& value : items(name)) {
            if (!value.isString() || value.toString().size() > maxText)
                wrong(name);
            out.append(value.toString());
        }
        return out;
    }

    void adopt(const Fields& inner, const QString& name)
    {
        if (!inner.problem_.isEmpty())
            problem_ = name + u'.' + inner.problem_;
    }
    void wrong(const QString& name)
    {
        if (problem_.isEmpty())
            problem_ = name;
    }
    [[nodiscard]] const QString& problem() const { return problem_; }

private:
    QJsonArray items(const QString& name)
    {
        const QJsonValue value = object_.value(name);
        if (value.isUndefined())
            return {};
        if (!value.isArray() || value.toArray().size() > maxItems)
            return wrong(name), QJsonArray();
        return value.toArray();
    }

    QJsonObject object_;
    QString problem_;
};

QList<domain::Fact> readFacts(Fields& fields, const QString& name)
{
    QList<domain::Fact> out;
    for (Fields& item : fields.objects(name)) {
        out.append({item.text(QStringLiteral("label"), true), item.text(QStringLiteral("value"), false)});
        fields.adopt(item, name);
    }
    return out;
}

void readPeopleAndClaims(Fields& fields, domain::PolicyFacts& facts)
{
    const QString dependants = QStringLiteral("dependants"), claims = QStringLiteral("claims");
    const QString consents = QStringLiteral("consents");
    for (Fields& item : fields.objects(dependants)) {
        facts.dependants.append(
            {item.text(QStringLiteral("name"), true), item.text(QStringLiteral("relation"), false), {}});
        fields.adopt(item, dependants);
    }
    for (Fields& item : fields.objects(claims)) {
        facts.claims.append({item.text(QStringLiteral("number"), true), item.text(QStringLiteral("kind"), false),
                             item.text(QStringLiteral("amount"), false), item.text(QStringLiteral("status"), false)});
        fields.adopt(item, claims);
    }
    for (Fields& item : fields.objects(consents)) {
        facts.consents.append({item.text(QStringLiteral("what"), true), item.flag(QStringLiteral("given")),
                               item.text(QStringLiteral("since"), false)});
        fields.adopt(item, consents);
    }
}

PersonLine readPerson(Fields& fields)
{
    PersonLine line;
    line.reference = fields.text(QStringLiteral("ref"), true);
    line.facts.name = fields.text(QStringLiteral("name"), true);
    line.facts.idNumber = fields.text(QStringLiteral("id_number"), false);
    line.facts.language = fields.text(QStringLiteral("language"), false);
    line.facts.email = fields.text(QStringLiteral("email"), false);
    for (const QString& phone : fields.texts(QStringLiteral("phones"))) {
        const QString normalised = domain::normalisedPhone(phone);
        if (normalised.isEmpty())
            fields.wrong(QStringLiteral("phones"));
        line.facts.phones.append(normalised);
    }
    line.facts.asOf = fields.time(QStringLiteral("as_of"));
    return line;
}

PolicyLine readPolicy(Fields& fields)
{
    PolicyLine line;
    line.facts.number = fields.text(QStringLiteral("number"), true);
    line.facts.product = fields.text(QStringLiteral("product"), true);
    line.facts.line = fields.text(QStringLiteral("line"), false);
    line.facts.status = fields.text(QStringLiteral("status"), false);
    line.team = fields.text(QStringLiteral("team"), false);
    line.holderReference = fields.text(QStringLiteral("holder"), true);
    line.facts.facts = readFacts(fields, QStringLiteral("facts"));
    line.facts.cover = readFacts(fields, QStringLiteral("cover"));
    readPeopleAndClaims(fields, line.facts);
    line.facts.asOf = fields.time(QStringLiteral("as_of"));
    return line;
}

} // namespace

Result<Line> parseLine(const QByteArray& line)
{
    if (line.size() > maxLineBytes)
        return fail(ErrorCode::tooLarge, QStringLiteral("The line is longer than 64 KiB."));
    if (nestsDeeperThan(line, maxDepth))
        return fail(ErrorCode::invalidInput, QStringLiteral("The line is nested too deeply."));
    const QJsonDocument document = QJsonDocument::fromJson(line);
    const QJsonObject object = document.object();
    const QJsonValue person = object.value(QStringLiteral("person"));
    const QJsonValue policy = object.value(QStringLiteral("policy"));
    if (!document.isObject() || person.isObject() == policy.isObject())
        return fail(ErrorCode::invalidInput, QStringLiteral("The line is not one person or one policy."));
    Fields fields(person.isObject() ? person.toObject() : policy.toObject());
    Line out;
    if (person.isObject())
        out.emplace<PersonLine>(readPerson(fields));
    else
        out.emplace<PolicyLine>(readPolicy(fields));
    if (!fields.problem().isEmpty())
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("The field \"%1\" is missing or wrong.").arg(fields.problem()));
    return out;
}

} // namespace holdfast::policies
