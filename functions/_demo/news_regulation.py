"""Ten news items about rules: what a law or a guide says, in words that a busy person can act on.

Dates and article numbers are those of the published texts. None of this is legal advice.
"""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import NewsItem

REGULATION: Final[tuple[NewsItem, ...]] = (
    NewsItem(
        type_="regulation",
        title="UU PDP untuk Tim Nonhukum: Lima Pertanyaan Sebelum Memakai AI",
        summary=(
            "Undang-Undang Pelindungan Data Pribadi berlaku juga ketika data ditempelkan ke "
            "chatbot. Lima pertanyaan yang dapat dijawab tanpa gelar sarjana hukum."
        ),
        content="""
            Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi tidak menyebut
            chatbot, tetapi memproses data pribadi dengan AI tetaplah memproses data pribadi. Masa
            peralihan dua tahunnya berakhir pada 17 Oktober 2024. Sebelum menempelkan sesuatu,
            tanyakan lima hal ini.

            1. **Apakah ada orang di dalamnya?** Nama jelas data pribadi. Begitu juga gabungan
               jabatan, kantor cabang, dan tanggal, bila dari situ orangnya bisa dikenali.
            2. **Apakah datanya bersifat spesifik?** Pasal 4 antara lain menyebut kesehatan,
               biometrik, genetika, catatan kejahatan, data anak, dan keuangan pribadi. Untuk ini,
               berhenti dan tanya dulu.
            3. **Apa dasar pemrosesannya?** Pasal 20 menyediakan beberapa dasar; persetujuan hanya
               salah satunya. Tujuannya harus sudah diketahui orang yang bersangkutan.
            4. **Ke mana datanya pergi?** Bila server penyedia ada di luar negeri, Pasal 56 mengatur
               syarat pengirimannya.
            5. **Bisakah dihapus?** Bila seseorang meminta datanya dihapus, Anda perlu tahu di mana
               salinannya berada, termasuk riwayat percakapan.

            ## Jalan pintas yang sah

            Sering kali nama tidak diperlukan. Ganti dengan "Pelanggan A" sebelum menempel, dan
            kembalikan sesudahnya. Data yang tidak dikirim tidak perlu dijaga di tempat lain.

            *Artikel ini bersifat umum, bukan nasihat hukum.*
        """,
        tags=("UU PDP", "privasi", "ChatGPT"),
        language="id",
        days_ago=2.8,
        author="admin-1",
        views=448,
        likes=72,
        source_url="https://peraturan.bpk.go.id/Details/229798/uu-no-27-tahun-2022",
    ),
    NewsItem(
        type_="regulation",
        title="EU AI Act: What an Exporter in Bandung Should Actually Check",
        summary=(
            "A European law can reach a company that has never had an office in Europe. Three "
            "questions tell you whether it reaches yours."
        ),
        content="""
            Regulation (EU) 2024/1689, the AI Act, entered into force on 1 August 2024 and applies
            in stages. The bans on certain practices, and the duty of AI literacy, came first, in
            February 2025; duties for general-purpose models followed in August 2025. Later stages
            cover transparency and high-risk systems. Their dates have been under discussion, so
            take them from the official text on the day you need them.

            ## Does it reach us?

            1. **Do we place an AI system, or a product containing one, on the EU market?** A
               garment maker who exports shirts does not. A firm that exports a camera with built-in
               recognition may.
            2. **Is our system's output used in the EU?** Scoring applicants in Bandung for a client
               in Rotterdam can count, even if no software crosses the border.
            3. **Are we a supplier to someone who is covered?** Then the questions arrive by
               contract: data sources, test results, instructions for use.

            ## If yes

            Find the risk class first; most duties follow from it. Office tools such as
            spell-checkers carry few. Hiring, credit and education systems carry many: risk
            management, documentation, human oversight.

            ## If no

            Keep a one-page inventory of your AI systems anyway, with purpose, data and owner.
            Customers have begun to ask, and the same page serves UU PDP.

            *General information, not legal advice.*
        """,
        tags=("EU AI Act", "compliance", "export"),
        language="en",
        days_ago=7.5,
        author="admin-2",
        views=197,
        likes=24,
        source_url="https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
    ),
    NewsItem(
        type_="regulation",
        title="Menulis Penilaian Dampak Data Pribadi untuk Chatbot Internal",
        summary=(
            "Pasal 34 UU PDP meminta penilaian dampak untuk pemrosesan berisiko tinggi. Kerangka "
            "dua halaman yang bisa diselesaikan tim kecil dalam sehari."
        ),
        content="""
            Penilaian dampak sering dibayangkan sebagai dokumen tebal. Padahal isinya satu
            percakapan yang ditulis rapi: apa yang kita lakukan, siapa yang bisa dirugikan, apa yang
            kita ubah karenanya.

            ## Perlukah kita?

            UU PDP Pasal 34 menyebut beberapa tanda risiko tinggi, antara lain keputusan otomatis
            yang berdampak signifikan, data yang bersifat spesifik, pemrosesan berskala besar, dan
            penggunaan teknologi baru. Chatbot yang membaca berkas SDM mengenai beberapa di
            antaranya sekaligus.

            ## Halaman pertama: gambarnya

            - Data apa yang masuk, dari siapa, melalui mana?
            - Model dijalankan siapa dan di mana? Apakah percakapan disimpan?
            - Siapa yang bisa membaca jawabannya?

            Gambarlah panah-panahnya dengan tangan. Panah yang tidak seorang pun bisa menjelaskan
            adalah temuan pertama Anda.

            ## Halaman kedua: yang bisa salah

            Untuk setiap risiko, tulis empat kolom: **kejadian, orang yang dirugikan, pencegahan,
            sisa risiko**. Contoh: *chatbot memperlihatkan gaji rekan kerja* · *karyawan* · *indeks
            terpisah menurut hak akses, diuji dengan tiga akun* · *rendah, diuji ulang tiap
            kuartal*.

            ## Tanda tangan

            Tulis siapa yang memutuskan dan tanggal peninjauan berikutnya. Dokumen tanpa tanggal
            tinjau akan menua diam-diam, sementara sistemnya berubah setiap bulan.

            *Artikel ini bersifat umum, bukan nasihat hukum.*
        """,
        tags=("UU PDP", "DPIA", "chatbot"),
        language="id",
        days_ago=14.8,
        author="admin-1",
        views=162,
        likes=30,
        is_premium=True,
    ),
    NewsItem(
        type_="regulation",
        title="Surat Edaran Etika AI Kominfo: Apa Isinya, Apa yang Bukan",
        summary=(
            "Surat Edaran Nomor 9 Tahun 2023 sering dikutip sebagai hukum AI Indonesia. Ia lebih "
            "tepat dibaca sebagai pedoman, dan justru di situ gunanya."
        ),
        content="""
            Pada 19 Desember 2023 Menteri Komunikasi dan Informatika menandatangani Surat Edaran
            Nomor 9 Tahun 2023 tentang Etika Kecerdasan Artifisial. Ia ditujukan kepada pelaku usaha
            pemrograman berbasis kecerdasan artifisial serta penyelenggara sistem elektronik lingkup
            publik dan privat.

            ## Isinya

            Surat edaran memuat nilai etika, antara lain inklusivitas, kemanusiaan, keamanan,
            aksesibilitas, transparansi, kredibilitas dan akuntabilitas, pelindungan data pribadi,
            serta keberlanjutan lingkungan dan kekayaan intelektual. Sesudah itu ada uraian tentang
            pelaksanaan nilai tersebut dan tanggung jawab para pihak.

            ## Yang bukan

            Surat edaran bukan undang-undang dan tidak memuat sanksi sendiri. Kewajiban yang
            mengikat datang dari tempat lain: UU ITE, UU PDP, aturan sektor seperti perbankan, dan
            perjanjian dengan pelanggan.

            ## Lalu, apa gunanya?

            1. **Kosakata bersama.** Tim produk, hukum, dan pengadaan bisa memakai daftar yang sama.
            2. **Kerangka kebijakan internal.** Surat edaran memang meminta organisasi menyusunnya.
               Satu halaman per nilai, dengan satu contoh nyata, sudah cukup untuk mulai.
            3. **Pertanyaan kepada pemasok.** "Bagaimana Anda memenuhi nilai transparansi?" membuka
               percakapan yang lebih baik daripada "apakah AI Anda aman?"

            Periksa juga perkembangan terbaru; aturan yang lebih mengikat terus dibahas.
        """,
        tags=("etika AI", "Kominfo", "kebijakan"),
        language="id",
        days_ago=20.6,
        author="admin-1",
        views=174,
        likes=18,
    ),
    NewsItem(
        type_="regulation",
        title="NIST's AI Risk Framework in One Afternoon",
        summary=(
            "Govern, map, measure, manage: how a five-person team can use a voluntary American "
            "framework without drowning in it."
        ),
        content="""
            The AI Risk Management Framework, published by the US standards institute NIST in
            January 2023, is voluntary, free and written for organisations of any size. It is also
            long. A small team can still take the spine of it in an afternoon.

            ## 13:00 Map

            Pick *one* system. Write who uses it, who is affected without using it, and what happens
            on its worst day. The second group is the one that teams forget: the applicant, the
            tenant, the patient.

            ## 14:00 Measure

            For each harm on the list, name something that you can count this month. Not "fairness",
            but "the share of complaints from outside Java that we answered late". If nothing can be
            counted, write *unmeasured*. An honest gap is a result.

            ## 15:00 Manage

            Sort by damage, not by ease. For the top three choose one of four: avoid, reduce, share,
            accept. "Accept" needs a name and a date beside it.

            ## 16:00 Govern

            Only now write rules, because only now do you know what they are for: who may switch the
            system off, who hears about an incident, when this page is read again.

            ## For generative systems

            A companion profile from July 2024 lists risks particular to generative AI, such as
            confabulated facts and leaked training data. Read it with your own list beside you, and
            add what you missed.
        """,
        tags=("NIST", "risk", "governance"),
        language="en",
        days_ago=27.3,
        author="admin-2",
        views=121,
        likes=16,
        is_premium=True,
        source_url="https://www.nist.gov/itl/ai-risk-management-framework",
    ),
    NewsItem(
        type_="regulation",
        title="Siapa Pemilik Gambar Buatan AI? Hak Cipta di Indonesia",
        summary=(
            "Undang-Undang Hak Cipta berbicara tentang pencipta manusia. Apa artinya bagi poster, "
            "logo, dan ilustrasi yang lahir dari sebaris prompt."
        ),
        content="""
            Seorang desainer mengetik prompt, memilih satu dari empat gambar, lalu memasangnya di
            kemasan. Sebulan kemudian pesaing memakai gambar yang sama. Bisakah ia melarang?

            ## Bunyi undang-undangnya

            UU Nomor 28 Tahun 2014 mengartikan pencipta sebagai seorang atau beberapa orang yang
            menghasilkan ciptaan yang bersifat khas dan pribadi. Ciptaan lahir dari inspirasi,
            kemampuan, pikiran, imajinasi, kecekatan, keterampilan, atau keahlian. Semua kata itu
            menunjuk manusia. Undang-undang ini ditulis sebelum gambar generatif lazim, dan
            pembaruannya terus dibicarakan.

            ## Tiga wilayah

            - **Keluaran mentah.** Pelindungannya lemah dan mudah digugat.
            - **Keluaran yang diolah.** Bila manusia menyusun, menggambar ulang, dan memilih secara
              nyata, bagian itulah yang punya peluang dilindungi.
            - **Karya manusia dengan bantuan kecil.** Menghapus latar belakang tidak mengubah siapa
              penciptanya.

            ## Yang bisa dilakukan sekarang

            1. Simpan proses: sketsa, prompt, lapisan berkas, tanggal.
            2. Untuk logo, pikirkan pendaftaran **merek**. Jalurnya berbeda, dan yang dinilai adalah
               daya pembedanya.
            3. Baca syarat layanan alat yang dipakai: siapa boleh memakai hasilnya, dan untuk apa.
            4. Jangan meminta gaya seniman yang masih hidup dengan menyebut namanya. Boleh atau
               tidaknya masih diperdebatkan; santun atau tidaknya tidak.

            *Artikel ini bersifat umum, bukan nasihat hukum.*
        """,
        tags=("hak cipta", "gambar generatif", "desain"),
        language="id",
        days_ago=33.9,
        author="admin-1",
        views=312,
        likes=49,
    ),
    NewsItem(
        type_="regulation",
        title="The ASEAN Guide on AI Governance, Read by a Practitioner",
        summary=(
            "Voluntary, short on threats and rich in templates: what the region's guide offers a "
            "company that sells in three ASEAN countries."
        ),
        content="""
            ASEAN's digital ministers adopted the Guide on AI Governance and Ethics in February
            2024. It binds no one. For a company that works in Jakarta, Kuala Lumpur and Manila it
            is nevertheless the nearest thing to a common language.

            ## The skeleton

            Seven principles, from transparency and fairness to robustness, and four building
            blocks: internal governance, the level of human involvement, operations, and
            communication with stakeholders. The first edition deals with what it calls traditional
            AI; generative AI was left to later work.

            ## The useful middle

            The block on human involvement is the one to print. It places each system on a scale: a
            person decides with advice (*in the loop*), a person watches and can step in (*over the
            loop*), or the system acts alone (*out of the loop*). The choice depends on how likely
            and how severe a harm is.

            Try it on three systems you run today. A product recommendation may act alone. A fraud
            alert deserves a watcher. Refusing a loan deserves a person who can say why.

            ## The template

            An annex holds a risk-assessment questionnaire. Delete the questions that do not fit and
            answer the rest in full sentences. "Yes" is not an answer to "how are errors found?"

            ## What it does not settle

            National law still rules: UU PDP in Indonesia, other acts next door. Use the guide for
            the structure of your answer, and the law for its limits.
        """,
        tags=("ASEAN", "governance", "compliance"),
        language="en",
        days_ago=40.2,
        author="admin-2",
        views=98,
        likes=11,
        source_url="https://asean.org/book/asean-guide-on-ai-governance-and-ethics/",
    ),
    NewsItem(
        type_="regulation",
        title="3x24 Jam: Menyiapkan Respons Kebocoran Data yang Melibatkan AI",
        summary=(
            "UU PDP memberi waktu paling lambat 3x24 jam untuk memberi tahu. Cara memastikan "
            "riwayat percakapan AI tidak menjadi bagian yang terlupakan."
        ),
        content="""
            Pasal 46 UU PDP mewajibkan pengendali data memberi tahu secara tertulis, paling lambat
            3x24 jam, kepada subjek data dan lembaga bila terjadi kegagalan pelindungan data
            pribadi. Isinya sekurang-kurangnya: data apa yang terungkap, kapan dan bagaimana, serta
            upaya penanganan dan pemulihannya.

            Tiga hari terasa panjang sampai Anda bertanya: *apa saja yang pernah diketik orang ke
            dalam chatbot kita?*

            ## Sebelum terjadi

            - **Inventaris.** Catat semua alat AI yang dipakai, termasuk yang dibayar dengan kartu
              pribadi. Tanyakan tanpa mengancam; daftar yang jujur lebih berharga daripada larangan.
            - **Masa simpan.** Hapus riwayat percakapan yang tidak diperlukan. Data yang sudah tidak
              ada tidak bisa bocor.
            - **Kontak darurat penyedia.** Cari sekarang, bukan pada Sabtu malam.

            ## Jam demi jam

            1. **0-6.** Hentikan aliran, cabut kunci, simpan log. Jangan menghapus bukti.
            2. **6-24.** Tentukan siapa yang terkena dan data apa. Riwayat percakapan dibaca oleh
               dua orang saja.
            3. **24-60.** Tulis pemberitahuan dengan kalimat biasa. Sebut apa yang sebaiknya
               dilakukan penerimanya.
            4. **60-72.** Periksa, kirim, catat waktunya.

            ## Latihan

            Sekali setahun, mainkan skenario selama dua jam. Bagian yang macet hampir selalu sama:
            tidak ada yang tahu siapa yang boleh menekan tombol kirim.

            *Artikel ini bersifat umum, bukan nasihat hukum.*
        """,
        tags=("UU PDP", "keamanan", "insiden"),
        language="id",
        days_ago=48.7,
        author="admin-1",
        views=139,
        likes=21,
        is_premium=True,
    ),
    NewsItem(
        type_="regulation",
        title="Label untuk Konten Sintetis: Tanda Air, Metadata, atau Kata-Kata",
        summary=(
            "Tiga cara menandai konten buatan AI, apa yang dibuktikan masing-masing, dan mengapa "
            "label untuk pembaca tetap perlu ditulis manusia."
        ),
        content="""
            Semakin banyak aturan dan kebijakan platform meminta konten buatan AI ditandai. Kata
            "ditandai" bisa berarti tiga hal yang sangat berbeda.

            ## Tanda air

            Pola halus yang ditanam di gambar, suara, atau teks. Bertahan terhadap sebagian
            penyuntingan, tetapi tidak semua, dan biasanya hanya dapat dibaca oleh pembuatnya. Cocok
            untuk melacak, kurang cocok untuk memberi tahu pembaca.

            ## Metadata asal-usul

            Standar terbuka seperti C2PA melampirkan catatan bertanda tangan: dibuat dengan alat
            apa, disunting kapan. Catatan ini kuat selama ikut serta. Banyak aplikasi perpesanan
            membuangnya saat gambar dikirim, sehingga ketiadaannya tidak membuktikan apa-apa.

            ## Kata-kata

            "Ilustrasi dibuat dengan AI" di bawah gambar. Tidak canggih, mudah dihapus, dan
            satu-satunya yang langsung dipahami semua orang.

            ## Pilihan redaksi kecil

            Pakai ketiganya menurut tujuannya: metadata untuk arsip, kata-kata untuk pembaca, dan
            tanda air bila alatnya menyediakan. Untuk gambar yang tampak seperti foto peristiwa,
            jangan mengandalkan label. Jangan terbitkan.

            Satu kebiasaan lagi: tulis label di tempat yang ikut terbawa saat gambar dibagikan,
            yaitu di dalam gambarnya.

            *Catatan redaksi: lengkapi dengan perbandingan aturan pelabelan di beberapa negara.*
        """,
        tags=("label konten", "C2PA", "deepfake"),
        language="id",
        days_ago=0.9,
        author="admin-1",
        state="draft",
        source_url="https://c2pa.org/",
    ),
    NewsItem(
        type_="regulation",
        title="Jadwal EU AI Act, Versi Pertama",
        summary=(
            "Ringkasan tahapan berlakunya undang-undang AI Uni Eropa. Dihapus karena telah "
            "digantikan oleh artikel yang lebih lengkap."
        ),
        content="""
            *Artikel ini telah digantikan oleh panduan untuk eksportir dan disimpan hanya sebagai
            arsip.*

            Undang-undang AI Uni Eropa tidak berlaku sekaligus. Pembuatnya memilih tangga, supaya
            perusahaan dan lembaga pengawas sempat bersiap.

            ## Anak tangga pertama

            Aturan itu mulai berlaku secara resmi pada 1 Agustus 2024. Enam bulan kemudian, pada 2
            Februari 2025, datang larangan atas praktik tertentu, misalnya pemeringkatan sosial,
            bersama kewajiban memastikan literasi AI di antara orang yang mengoperasikannya.

            ## Anak tangga kedua

            Pada 2 Agustus 2025 giliran kewajiban bagi penyedia model serbaguna: dokumentasi teknis,
            kebijakan hak cipta, dan ringkasan data latih.

            ## Anak tangga berikutnya

            Ketentuan transparansi dan sistem berisiko tinggi dijadwalkan menyusul. Tanggalnya
            sedang dibahas ulang ketika tulisan ini dibuat, sehingga pembaca sebaiknya memeriksa
            teks resmi.

            Satu jalur terpisah berlaku bagi produk yang sudah diatur hukum lain, misalnya mainan,
            lift, dan alat kesehatan.

            ## Mengapa dihapus

            Daftar tanggal cepat basi. Pembaca lebih terbantu oleh pertanyaan "apakah aturan ini
            mengenai kami?" daripada kalender. Pertanyaan itu kini dijawab dalam artikel lain,
            lengkap dengan tautan ke naskah resmi yang selalu diperbarui.
        """,
        tags=("EU AI Act", "kepatuhan"),
        language="id",
        days_ago=56.4,
        author="admin-2",
        views=57,
        likes=3,
        state="deleted",
        withdrawn_days_ago=7.4,
        source_url="https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
    ),
)
