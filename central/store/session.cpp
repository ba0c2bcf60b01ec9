#include "central/store/session.h"

#include "central/store/context.h"
#include "central/store/fence.h"

namespace holdfast::store {

const Organisation& StoreReader::organisation() const
{
    return context_.organisation;
}

Result<bool> StoreReader::isBehind(const QByteArray& checkpoint)
{
    return disproves(context_, checkpoint);
}

Status StoreWriter::stopBehind(const QByteArray& checkpoint)
{
    return raiseFence(context_, checkpoint);
}

Clock& StoreWriter::clock()
{
    return context_.clock;
}

RandomSource& StoreWriter::random()
{
    return context_.random;
}

} // namespace holdfast::store
