#include "central/api/append_answer.h"

#include "central/api/answers.h"

namespace holdfast::api {
namespace {

using store::AppendResult;

QString wordOf(AppendResult::Outcome outcome)
{
    switch (outcome) {
    case AppendResult::Outcome::accepted:
        return QStringLiteral("accepted");
    case AppendResult::Outcome::duplicate:
        return QStringLiteral("duplicate");
    case AppendResult::Outcome::refused:
        break;
    }
    return QStringLiteral("refused");
}

} // namespace

QJsonObject resultObject(const AppendResult& result)
{
    QJsonObject object{{QStringLiteral("entry"), result.entry.toHexString()}};
    const bool later =
        result.outcome == AppendResult::Outcome::refused && result.refusal.code == QStringLiteral("later");
    object.insert(QStringLiteral("result"), later ? QStringLiteral("later") : wordOf(result.outcome));
    if (result.outcome == AppendResult::Outcome::refused) {
        object.insert(QStringLiteral("code"), result.refusal.code);
        object.insert(QStringLiteral("text"), result.refusal.text);
        return object;
    }
    object.insert(QStringLiteral("pos"), static_cast<qint64>(result.pos.value));
    object.insert(QStringLiteral("header"), base64Text(result.header));
    object.insert(QStringLiteral("receipt"), base64Text(result.receipt));
    return object;
}

QJsonObject resultsBody(const std::vector<AppendResult>& results)
{
    QJsonArray array;
    for (const AppendResult& result : results)
        array.append(resultObject(result));
    return {{QStringLiteral("results"), array}};
}

Error storeTrouble(const Error& error)
{
    return error.code == ErrorCode::fenced ? error : Error{ErrorCode::unavailable, error.text};
}

} // namespace holdfast::api
