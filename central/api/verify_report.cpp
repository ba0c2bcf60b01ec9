#include "central/api/verify_report.h"

#include <QJsonArray>

namespace holdfast::api {

QJsonObject reportObject(const store::VerifyReport& report)
{
    QJsonArray findings;
    for (const store::Finding& finding : report.findings) {
        QJsonObject object{{QStringLiteral("what"), finding.what}};
        if (finding.pos)
            object.insert(QStringLiteral("pos"), static_cast<qint64>(finding.pos->value));
        if (finding.entry)
            object.insert(QStringLiteral("entry"), finding.entry->toHexString());
        findings.append(object);
    }
    const auto count = [](quint64 value) { return static_cast<qint64>(value); };
    return {{QStringLiteral("good"), report.good()},
            {QStringLiteral("entries"), count(report.entries)},
            {QStringLiteral("contents"), count(report.contents)},
            {QStringLiteral("erased"), count(report.erased)},
            {QStringLiteral("signatures"), count(report.signatures)},
            {QStringLiteral("heads"), count(report.headsEntries)},
            {QStringLiteral("checkpoints"), count(report.checkpoints)},
            {QStringLiteral("blobs"), count(report.blobs)},
            {QStringLiteral("anchors"), count(report.anchors)},
            {QStringLiteral("finding_count"), count(report.findingCount)},
            {QStringLiteral("findings"), findings}};
}

} // namespace holdfast::api
