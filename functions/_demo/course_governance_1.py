""" "AI Governance in Practice", first part: foundations."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

FOUNDATIONS: Final[Chapter] = Chapter(
    title="Foundations of Governance",
    description="What to govern, who decides, and how to find the systems you already run.",
    lessons=(
        LessonItem(
            title="What AI Governance Is For",
            description=(
                "Governance answers three questions: who may decide, on what evidence, and who "
                "can stop it."
            ),
            minutes=10,
            is_free_preview=True,
            content="""
                    Governance has a reputation for paper. Its purpose is simpler: when a system
                    affects people, somebody must be able to say who decided to use it, on what
                    evidence, and who can stop it. If those three answers take more than a day to
                    find, the organisation is not governing the system. It is merely hosting it.

                    ## Three layers

                    - **Law** sets the floor. In Indonesia the Personal Data Protection Law (Law 27
                      of 2022) applies when an organisation processes personal data, whatever the
                      technology. The EU AI Act, Regulation (EU) 2024/1689, can also reach an
                      organisation outside the Union: when it offers a system there, or when the
                      system's output is used there.
                    - **Standards** describe good practice. The NIST AI Risk Management Framework
                      organises work under four verbs: govern, map, measure, manage. ISO/IEC
                      42001:2023 describes a management system that can be audited.
                    - **Your own rules** turn both into habits: a form, a review, a name.

                    Only the third layer touches daily work. A framework nobody can apply on a
                    Tuesday afternoon is decoration.

                    ## Proportion

                    A tool that proposes meeting times and a tool that ranks loan applicants should
                    not pass through the same gate. Start from consequence: who is affected, how
                    badly, how reversibly, and whether they can object. Light uses get a light path,
                    clearly marked, so that people take it instead of going around the gate.

                    ## One system, five questions

                    A parcel company in Surabaya scores its couriers. Asked about the score, the
                    team fills in a table.

                    | Question | First answer | After a day of asking |
                    |---|---|---|
                    | Owner | "IT" | head of operations, by name |
                    | Decision | "just information" | decides weekend shifts |
                    | People affected | couriers | 240 couriers, and their families |
                    | Evidence | supplier's brochure | none on our own routes |
                    | Off switch | nobody knows | shifts by rota, untested |

                    The middle column is where such conversations start. The right-hand column
                    already changes things. A score that decides shifts is no longer "just
                    information", and Article 10 of Law 27 of 2022 gives people the right to object
                    to a decision based solely on automated processing when it has legal
                    consequences or a significant effect on them. Somebody must be ready to receive
                    that objection.

                    ## A first exercise

                    Choose one system in use today and fill in the same five rows. Mark every blank.
                    If the evidence and the off switch are missing, you are in ordinary company.
                    Those blanks, not a policy document, are your first governance plan.
                """,
            questions=(
                Question(
                    "easy",
                    (
                        "A colleague asks whether a system is governed. Which evidence is the "
                        "strongest?"
                    ),
                    (
                        "A published set of AI principles",
                        "A named person who decided, on recorded evidence, and can stop it",
                        "A supplier whose management system holds a recognised certificate",
                    ),
                    right=1,
                    because=(
                        "Principles and certificates can exist while nobody is able to answer for "
                        "this system."
                    ),
                ),
                Question(
                    "medium",
                    "Why should low-risk uses have a light, clearly marked path?",
                    (
                        "They fall outside every law and standard",
                        "Heavy review makes their output worse",
                        "People take an easy gate and avoid a disproportionate one",
                    ),
                    right=2,
                    because=(
                        "A control that is out of proportion is bypassed, and then nobody knows "
                        "what is in use."
                    ),
                ),
                Question(
                    "medium",
                    "Which document organises the work under govern, map, measure and manage?",
                    (
                        "Regulation (EU) 2024/1689",
                        "The NIST AI Risk Management Framework",
                        "ISO/IEC 42001:2023",
                    ),
                    right=1,
                    because=(
                        "Those four functions structure the NIST framework. The regulation sets "
                        "legal duties; the ISO standard describes a management system."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Roles and Decision Rights",
            description=(
                "Committees advise, owners decide: assigning names before the first incident."
            ),
            minutes=9,
            content="""
                    An ethics committee without decision rights is a reading group. Before the first
                    incident, agree who does what.

                    ## Five roles

                    1. **System owner**: accountable for the outcome, with a budget and the power to
                       stop.
                    2. **Builder or buyer**: responsible for the evidence.
                    3. **Reviewer**: independent of delivery, able to say "not yet".
                    4. **Data protection officer**: consulted whenever personal data is involved.
                    5. **Affected people's voice**: customers, staff or their representatives.

                    In a small organisation one person may hold two roles, but the owner and the
                    reviewer should differ.

                    ## Write down the decision

                    A useful record fits on half a page: what was decided, which alternatives were
                    rejected, what would change our mind, and when we look again. "What would change
                    our mind" matters most. It turns approval from an event into a condition.

                    Here is the record of the case that is told at the end of this lesson:

                    > **Decided:** complaint replies are drafted by the tool, Indonesian only, from
                      3 March. **Owner:** head of customer care. **Evidence:** 200 masked
                      complaints, two readers. **Rejected:** all languages at once; waiting for
                      version 3. **Reopen when:** other languages exceed 5 percent of messages.
                      **Look again:** 1 June.

                    ## Escalation

                    Define two thresholds. Above the first, the owner informs the reviewer within a
                    day. Above the second, whoever is on duty pauses the system and asks for
                    permission afterwards.

                    | Threshold | Example for a reply drafter | Who acts |
                    |---|---|---|
                    | First | 3 wrong amounts in a week | owner tells reviewer |
                    | Second | 1 promise of money not owed | duty agent pauses |

                    People hesitate to pause expensive systems. A written rule means that the agent
                    on duty does not need courage, only the table.

                    ## A worked example

                    A regional bank buys a tool that drafts replies to complaints. The head of
                    customer care is the owner. The vendor manager assembles the evidence: a test on
                    two hundred masked complaints, read by two people. A colleague from risk reviews
                    it and says "not yet", because nobody had tested messages in regional languages.
                    The owner accepts, narrows the launch to Indonesian, and writes one line into
                    the record: *reopen when the share of other languages passes five percent.*
                    Three months later it does, and nobody has to argue about whether to look again.

                    Notice what did not happen. No committee voted. One person decided, one person
                    could hold the decision back, and the condition was written before anybody was
                    invested in the answer.
                """,
            questions=(
                Question(
                    "easy",
                    (
                        "In a small company one person may hold two roles. Which pair should stay "
                        "apart?"
                    ),
                    (
                        "Builder and buyer",
                        "Owner and builder",
                        "Owner and reviewer",
                    ),
                    right=2,
                    because=(
                        'The reviewer must be able to say "not yet" to the person who wants to '
                        "deliver. Nobody says that to themselves."
                    ),
                ),
                Question(
                    "medium",
                    'What does the line "reopen when" add to a record of approval?',
                    (
                        "It turns approval into a condition that anyone can check",
                        "It moves responsibility for the outcome from the owner to the reviewer",
                        "It gives the decision an expiry date",
                    ),
                    right=0,
                    because=(
                        "A date says when to look; a condition says what would change the "
                        "decision, and no argument is needed when it is met."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Building an AI Inventory",
            description=(
                "You cannot govern what you have not listed, including features that arrived by "
                "update."
            ),
            minutes=9,
            content="""
                    Ask a department which AI it uses and you will hear about the project with a
                    steering group. You will not hear about the transcription feature that appeared
                    in the meeting tool last month.

                    ## Where to look

                    Read invoices, browser extensions, release notes of existing software, and
                    automation accounts. Then ask people a question that does not sound like an
                    audit: "What saves you time that you would miss?"

                    ## What to note

                    - Purpose and owner.
                    - Data in, data out, and where it is processed.
                    - Who is affected by the output.
                    - Supplier, model, and how changes are announced.
                    - Date of the last check.

                    Keep it in one table. A beautiful tool with three entries is worse than a plain
                    sheet with thirty.

                    Two rows from the same company show the difference between an entry and an
                    answer:

                    | | Weak row | Useful row |
                    |---|---|---|
                    | System | ChatGPT | meeting transcription |
                    | Purpose | productivity | minutes of client calls |
                    | Owner | everybody | Maya, client services |
                    | Data in | text | voices and names of clients |
                    | Processed | cloud | supplier, Singapore region |
                    | Last check | - | 12 May, ten transcripts |

                    The weak row cannot be reviewed, because it has no purpose that could be met or
                    missed. Split it: "ChatGPT" is four rows if four teams use it for four things.

                    ## Keep it alive

                    Attach the inventory to moments that happen anyway: purchasing, onboarding, the
                    yearly budget. Offer an amnesty for what is already running. The aim is to know,
                    and people report what they will not be punished for. Review ten rows each month
                    rather than everything once a year.

                    ## What the first round usually finds

                    Expect three surprises. First, the most used system was bought by nobody: it is
                    a free account or a browser extension. Second, two departments pay for the same
                    service under different names. Third, at least one system has no owner left,
                    because the person who set it up has moved on and it still sends e-mail every
                    night.

                    Treat each finding as a small gift. Thank the person who reported it, write the
                    row, and choose one next step with a date. An unanswered report is the last one
                    you will receive. When a row has stayed unchanged for a year, ask whether the
                    system is still used; switching something off is also governance.
                """,
            questions=(
                Question(
                    "easy",
                    "Which source is most likely to reveal AI that nobody announced?",
                    (
                        "The minutes of the AI steering group",
                        "Release notes of software you already use",
                        "The list of approved AI projects",
                    ),
                    right=1,
                    because=(
                        "Features arrive by update, without a project. The other two sources list "
                        "only what was announced."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Four departments use the same chatbot for four purposes. How many rows "
                        "does the inventory need?"
                    ),
                    (
                        "Four, one for each purpose and owner",
                        "One, because there is one supplier and one contract",
                        "None, until one of the uses is classified as high risk",
                    ),
                    right=0,
                    because=(
                        "Purpose, data and affected people differ, and so does the risk. One row "
                        "would hide three of them."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Classifying Risk",
            description=(
                "Consequence first, technology second: a workable way to sort uses into tiers."
            ),
            minutes=11,
            content="""
                    Risk depends on use. The same language model can draft a poem or reject a
                    patient. Classify uses, not models.

                    ## Four questions

                    1. Whose rights, safety, income or reputation can be affected?
                    2. Is the output a suggestion or a decision in practice? If staff accept 98
                       percent of suggestions, it is a decision.
                    3. Can harm be undone, and how quickly would we notice?
                    4. Can affected people know, object and reach a human?

                    ## Three tiers

                    **Low**: reversible, internal, checked by the person who asked. **Medium**:
                    affects customers or staff, with human review that is real. **High**:
                    employment, credit, education, health, essential services, or anything involving
                    children.

                    The EU AI Act follows a similar logic: some practices are prohibited, some uses
                    are high-risk with duties before and after release, some carry transparency
                    duties. Indonesian law has its own trigger: Article 34 of Law 27 of 2022 asks
                    for an impact assessment when processing is likely to be of high risk to people,
                    and names automated decisions with significant effects among the cases. The tier
                    tells you how much care is due; counsel tells you which law applies.

                    ## Beware of drift

                    A tool built for low-risk drafting is soon used for something heavier.
                    Reclassify when the user group, the data or the consequence changes, not on a
                    calendar alone.

                    ## Three quick cases

                    One model, three uses, in a company that sells household appliances:

                    | | Slide titles | Refund drafts | Closing complaints |
                    |---|---|---|---|
                    | Affected | the author | customers | customers |
                    | Suggestion? | yes | if agents read | no |
                    | Undone? | at once | within days | rarely noticed |
                    | Can object? | not needed | can reply | does not know |
                    | Tier | low | medium | high |

                    Nothing changed in the model. The consequence did.

                    The middle column is the one to watch. Suppose agents send 1,000 drafts a week
                    and change twenty. The tool then decides 98 percent of the answers, whatever the
                    process chart says. Either the reading is made real, with time and samples to
                    prove it, or the use is moved to the high tier and treated accordingly. Both are
                    honest. Leaving it at medium because a person clicks "send" is not.
                """,
            questions=(
                Question(
                    "easy",
                    "What should be classified?",
                    (
                        "Each model, by its size and supplier",
                        "Each department, by its budget",
                        "Each use, by its consequence for people",
                    ),
                    right=2,
                    because=(
                        "The same model can suggest a title or close a complaint. Only the "
                        "consequence tells them apart."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Agents send 980 of 1,000 drafts unchanged, and each is formally "
                        '"reviewed". How should the use be treated?'
                    ),
                    (
                        "As a decision by the system, until the review is shown to be real",
                        "As a suggestion, because a person sends every reply",
                        "As low risk, because two percent of drafts are found and corrected",
                    ),
                    right=0,
                    because=(
                        "Oversight that almost never disagrees may not be oversight. The burden "
                        "is to show that people read before they send."
                    ),
                ),
                Question(
                    "medium",
                    "Which event calls for a new classification?",
                    (
                        "The supplier changes its logo and prices",
                        "A drafting tool starts to be used for rejection letters",
                        "A year passes without an incident",
                    ),
                    right=1,
                    because=(
                        "Risk follows users, data and consequence. Quiet years prove little, and "
                        "drift rarely waits for a calendar."
                    ),
                ),
            ),
        ),
    ),
)
