"""Certificates: who completed what, for everybody who is shown a code."""

from __future__ import annotations

from functions import _errors as errors
from functions import _learning as learning
from functions.permissions import user_query
from functions.types.progress import (
    CertificateList,
    PublicCertificate,
    certificate_doc,
    public_certificate,
)
from reactor import Id, MutationCtx, QueryCtx, internal_mutation, query
from schema import Certificate, Course, User


@user_query
async def list_mine(ctx: QueryCtx, user: User) -> CertificateList:
    """The caller's certificates."""
    mine = ctx.db.query(Certificate).with_index(
        Certificate.by_user_course, Certificate.user_id == user.id
    )
    return CertificateList(
        certificates=[certificate_doc(certificate) for certificate in await mine.collect()]
    )


@query
async def get_by_code(ctx: QueryCtx, *, code: str) -> PublicCertificate | None:
    """What a certificate says, for anybody who has its code, however it is written."""
    plain = "".join(char for char in code.upper() if char not in "- ")
    match = Certificate.code == plain
    found = await ctx.db.query(Certificate).with_index(Certificate.by_code, match).unique()
    return public_certificate(found) if found else None


@internal_mutation
async def issue_if_eligible(
    ctx: MutationCtx, *, user_id: Id[User], course_id: Id[Course]
) -> Id[Certificate] | None:
    """Issues a learner's certificate if it is due; again is fine."""
    user = await ctx.db.get(user_id)
    if user is None:
        raise errors.user_not_found()
    return await learning.issue_certificate(ctx, user, course_id)
