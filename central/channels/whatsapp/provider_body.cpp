#include "central/channels/whatsapp/provider_body.h"

#include "central/channels/whatsapp/message_parts.h"
#include "models/base/json_depth.h"

#include <QJsonDocument>

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;

constexpr int maxDepth = 48; // the entry that keeps an object unparsed may be 64 deep
constexpr size_t maxParts = 10'000;

class BodyParser
{
public:
    explicit BodyParser(const store::InboxItem& item) : item_(item) {}

    [[nodiscard]] Result<ProviderBody> parse(const QJsonArray& entries)
    {
        for (const QJsonValue entry : entries)
            readEntry(entry);
        if (parts_ > maxParts)
            return fail(ErrorCode::invalidInput, u"The body has more parts than can be taken at once."_s);
        return std::move(body_);
    }

private:
    void readEntry(const QJsonValue& entry)
    {
        const QJsonValue changes = entry[u"changes"_s];
        const Route account{{}, textOf(entry[u"id"_s], 64)};
        const Timestamp at = timeOf(entry[u"time"_s], item_.receivedAt);
        if (!changes.isArray())
            return addNotice(account, u"entry"_s, at, entry);
        const QJsonArray list = changes.toArray();
        for (const QJsonValue change : list)
            readChange(account, at, change);
    }

    void readChange(const Route& account, Timestamp at, const QJsonValue& change)
    {
        const QString field = textOf(change[u"field"_s], 64);
        const QJsonValue value = change[u"value"_s];
        Route route = account;
        route.phoneNumberId = textOf(value[u"metadata"_s][u"phone_number_id"_s], 64);
        if (field != u"messages" || !value.isObject())
            return addNotice(route, field.isEmpty() ? u"change"_s : field, at, change);
        const QJsonObject object = value.toObject();
        PartContext context{route, {}, item_.receivedAt, object[u"contacts"_s].toArray()};
        const bool known =
            object.contains(u"messages"_s) || object.contains(u"statuses"_s) || object.contains(u"errors"_s);
        if (!known)
            return addNotice(route, u"change"_s, at, change);
        readList(object, u"messages"_s, context,
                 [&](const QJsonObject& one) { body_.messages.push_back(parseMessage(one, context)); });
        readList(object, u"statuses"_s, context,
                 [&](const QJsonObject& one) { body_.statuses.push_back(parseStatus(one, context)); });
        readList(object, u"errors"_s, context,
                 [&](const QJsonObject& one) { addNotice(route, u"errors"_s, item_.receivedAt, one); });
    }

    // Elements that are no objects, and lists that are none, are kept as notices.
    template <typename Take>
    void readList(const QJsonObject& value, const QString& name, PartContext& context, const Take& take)
    {
        if (!value.contains(name))
            return;
        if (!value[name].isArray())
            return addNotice(context.route, name, item_.receivedAt, value[name]);
        const QJsonArray list = value[name].toArray();
        for (const QJsonValue one : list) {
            context.madeId = nextId();
            if (++parts_ > maxParts)
                return;
            if (one.isObject())
                take(one.toObject());
            else
                addNotice(context.route, name, item_.receivedAt, one);
        }
    }

    void addNotice(const Route& route, const QString& type, Timestamp at, const QJsonValue& value)
    {
        if (++parts_ > maxParts)
            return;
        Notice notice;
        notice.route = route;
        notice.id = nextId();
        notice.type = type;
        notice.at = at;
        notice.original = value.isObject() ? value.toObject() : QJsonObject{{u"value"_s, value}};
        if (type == u"errors") {
            const QString details = textOf(value[u"error_data"_s][u"details"_s], 1024);
            notice.text = textOf(value[u"title"_s], 255);
            if (!details.isEmpty() && details != notice.text)
                notice.text += (notice.text.isEmpty() ? QString() : u". "_s) + details;
        }
        body_.notices.push_back(std::move(notice));
    }

    // The same for the same part of the same item, so that an item that is read again adds nothing.
    QString nextId() { return u"holdfast:%1:%2"_s.arg(item_.id).arg(made_++); }

    const store::InboxItem& item_;
    ProviderBody body_;
    size_t parts_ = 0;
    int made_ = 0;
};

} // namespace

Result<ProviderBody> parseBody(const store::InboxItem& item)
{
    if (nestsDeeperThan(item.bytes, maxDepth))
        return fail(ErrorCode::invalidInput, u"The body is nested too deeply."_s);
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(item.bytes, &problem);
    if (problem.error != QJsonParseError::NoError)
        return fail(ErrorCode::invalidInput, u"The body is not JSON."_s);
    const QJsonValue entries = document.object()[u"entry"_s];
    if (!document.isObject() || !entries.isArray())
        return fail(ErrorCode::invalidInput, u"The body is not a list of entries."_s);
    return BodyParser(item).parse(entries.toArray());
}

} // namespace holdfast::whatsapp
